#include "verify/path_search.h"

#include <algorithm>

namespace medic::verify {
namespace {

class Search {
 public:
  Search(const Inputs& inputs, UseExtra extra) : in_(inputs) {
    for (std::size_t i = 1; i < in_.sent.size(); ++i) {
      add_candidate(in_.sent[i]);
    }
    if (extra == UseExtra::Yes) {
      for (const CertificateFacts* facts : in_.extra) {
        add_candidate(facts);
      }
    }
  }

  SearchResult run() {
    const CertificateFacts* leaf = in_.sent.front();
    path_.push_back(leaf);
    if (const StoreView::Entry* pinned = in_.store->same(*leaf);
        pinned != nullptr && (leaf->self_issued || in_.profile->verify.pinned_leaf)) {
      keep(pinned->source, true);
    }
    extend();
    std::stable_sort(
        result_.paths.begin(), result_.paths.end(),
        [](const FoundPath& a, const FoundPath& b) { return a.anchored && !b.anchored; });
    return std::move(result_);
  }

 private:
  void add_candidate(const CertificateFacts* facts) {
    if (std::find(candidates_.begin(), candidates_.end(), facts) == candidates_.end()) {
      candidates_.push_back(facts);
    }
  }

  void keep(const std::string& source, bool anchored) {
    result_.paths.push_back({.chain = path_, .anchored = anchored, .anchor_source = source});
  }

  [[nodiscard]] bool exhausted() {
    if (result_.paths.size() >= kMaxPaths || ++steps_ > kMaxSteps) {
      result_.limit_reached = true;
    }
    return result_.limit_reached;
  }

  // The same name and key twice on a path leads nowhere new (RFC 4158 section 2.4.2).
  [[nodiscard]] bool on_path(const CertificateFacts& candidate) const {
    return std::any_of(path_.begin(), path_.end(), [&](const CertificateFacts* c) {
      return c->subject_id == candidate.subject_id && c->key_id == candidate.key_id;
    });
  }

  enum class From { Store, Sent };

  // Clients that go by key identifiers do not even try another key.
  [[nodiscard]] bool worth_trying(const CertificateFacts& child, const CertificateFacts& issuer,
                                  From from) const {
    const profiles::VerifyRules& rules = in_.profile->verify;
    const bool by_key_id =
        rules.matches_key_ids || (rules.matches_anchor_key_ids && from == From::Store);
    return !by_key_id || key_ids_fit(child, issuer);
  }

  [[nodiscard]] bool signed_by(const CertificateFacts& child, const CertificateFacts& issuer) {
    if (!in_.cache->checked(child, issuer) && ++new_signatures_ > kMaxNewSignatures) {
      result_.limit_reached = true;
      return false;
    }
    return in_.cache->check(child, issuer) != x509::SignatureCheck::Bad;
  }

  void extend() {
    if (exhausted()) {
      return;
    }
    const CertificateFacts& top = *path_.back();
    if (path_.size() >= kMaxPathLength) {
      keep({}, false);
      return;
    }
    const std::size_t before = result_.paths.size();
    const bool good = try_issuers(top, true);
    if (!good && !(top.self_issued && top.self_signed)) {
      try_issuers(top, false);
    }
    if (result_.paths.size() == before && !result_.limit_reached) {
      keep({}, false);
    }
  }

  // True when an issuer whose key fits the signature was found. `good`: only those; else only the
  // ones whose key does not fit, so that "bad signature" can be said.
  bool try_issuers(const CertificateFacts& top, bool good) {
    bool any = false;
    for (const StoreView::Entry& entry :
         in_.store->by_subject(top.issuer_id, top.certificate->issuer.canonical)) {
      if (on_path(*entry.facts) || !worth_trying(top, *entry.facts, From::Store) ||
          signed_by(top, *entry.facts) != good) {
        continue;
      }
      any = true;
      path_.push_back(entry.facts);
      keep(entry.source, true);
      path_.pop_back();
      if (exhausted()) {
        return true;
      }
    }
    for (const CertificateFacts* candidate : candidates_) {
      if (candidate->subject_id != top.issuer_id || on_path(*candidate) ||
          in_.store->same(*candidate) != nullptr || !worth_trying(top, *candidate, From::Sent) ||
          signed_by(top, *candidate) != good) {
        continue;
      }
      any = true;
      path_.push_back(candidate);
      extend();
      path_.pop_back();
      if (result_.limit_reached) {
        return true;
      }
    }
    return any;
  }

  const Inputs& in_;
  std::vector<const CertificateFacts*> candidates_;
  std::vector<const CertificateFacts*> path_;
  SearchResult result_;
  std::size_t steps_ = 0;
  std::size_t new_signatures_ = 0;
};

bool signatures_good(const Inputs& in, const FoundPath& path) {
  for (std::size_t i = 0; i + 1 < path.chain.size(); ++i) {
    if (in.cache->check(*path.chain[i], *path.chain[i + 1]) != x509::SignatureCheck::Good) {
      return false;
    }
  }
  return true;
}

}  // namespace

SearchResult search_paths(const Inputs& inputs, UseExtra extra) {
  return Search(inputs, extra).run();
}

bool reaches_anchor(const Inputs& inputs, UseExtra extra) {
  const SearchResult result = search_paths(inputs, extra);
  return std::any_of(result.paths.begin(), result.paths.end(), [&](const FoundPath& path) {
    return path.anchored && signatures_good(inputs, path);
  });
}

}  // namespace medic::verify
