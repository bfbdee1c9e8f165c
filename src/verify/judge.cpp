#include <openssl/x509_vfy.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/check.h"
#include "text/messages.h"
#include "verify/fault_maker.h"
#include "verify/openssl_engine.h"
#include "verify/path_policy.h"
#include "verify/path_search.h"

namespace medic::verify {
namespace {

using profiles::Engine;

void waive(FoundPath& path, const std::vector<std::string>& waived) {
  if (!waived.empty()) {
    std::erase_if(path.faults, [&](const Found& found) {
      return std::find(waived.begin(), waived.end(), found.id) != waived.end();
    });
  }
}

// One fault a rule and certificate, the first; for a client that shows the last error, that one
// first.
void tidy(std::vector<Found>& faults, bool last_first) {
  if (last_first) {
    // The name is looked at only when OpenSSL had no error.
    const auto last = std::find_if(faults.rbegin(), faults.rend(), [](const Found& found) {
      return found.id != "hostname-mismatch" && found.id != "no-san";
    });
    if (last != faults.rend()) {
      std::rotate(faults.begin(), last.base() - 1, last.base());
    }
  }
  std::vector<Found> kept;
  for (Found& found : faults) {
    const bool seen = std::any_of(kept.begin(), kept.end(), [&](const Found& other) {
      return other.id == found.id && other.depth == found.depth &&
             (other.detail == found.detail || other.id != "profile-violation");
    });
    if (!seen) {
      kept.push_back(std::move(found));
    }
  }
  faults = std::move(kept);
}

// The issuer that is not there: known from elsewhere or not.
void name_missing_issuer(FoundPath& path, const Inputs& inputs) {
  const auto unknown = [](const Found& found) { return found.id == "unknown-issuer"; };
  if (inputs.extra.empty() || std::none_of(path.faults.begin(), path.faults.end(), unknown) ||
      !reaches_anchor(inputs, UseExtra::Yes)) {
    return;
  }
  for (Found& found : path.faults) {
    if (unknown(found)) {
      found.id = "incomplete-chain";
      found.detail = "incomplete-chain";
    }
  }
}

std::vector<FoundPath> judged_paths(const Inputs& inputs) {
  const profiles::Profile& profile = *inputs.profile;
  std::vector<FoundPath> paths;
  if (profile.engine == Engine::OpenSsl) {
    paths.push_back(openssl_path(inputs));
    return paths;
  }
  const UseExtra extra = profile.verify.fetches_missing_issuers ? UseExtra::Yes : UseExtra::No;
  SearchResult search = search_paths(inputs, extra);
  paths = std::move(search.paths);
  for (FoundPath& path : paths) {
    apply_policy(inputs, path);
  }
  if (search.limit_reached && std::none_of(paths.begin(), paths.end(),
                                           [](const FoundPath& p) { return p.faults.empty(); })) {
    if (paths.empty()) {
      paths.push_back({.chain = {inputs.sent.front()}});
    }
    paths.front().faults.insert(
        paths.front().faults.begin(),
        {.id = "resource-limit", .detail = "resource-limit", .certificate = inputs.sent.front()});
  }
  return paths;
}

Verdict verdict_of(const Inputs& inputs) {
  std::vector<FoundPath> paths = judged_paths(inputs);
  for (FoundPath& path : paths) {
    if (!path.faults.empty()) {
      name_missing_issuer(path, inputs);
      waive(path, inputs.question->waived);
      tidy(path.faults, inputs.profile->verify.reports_last_error);
    }
  }
  // Best first: no fault, then anchored ones, then fewest faults.
  std::stable_sort(paths.begin(), paths.end(), [](const FoundPath& a, const FoundPath& b) {
    return std::tuple(!a.faults.empty(), !a.anchored, a.faults.size()) <
           std::tuple(!b.faults.empty(), !b.anchored, b.faults.size());
  });
  Verdict verdict;
  verdict.paths.reserve(paths.size());
  for (const FoundPath& path : paths) {
    verdict.paths.push_back(made_path(path, inputs));
  }
  verdict.faults = verdict.paths.front().faults;
  verdict.pass = verdict.faults.empty();
  return verdict;
}

Verdict nothing_sent() {
  Fault fault{.id = "unknown-issuer", .detail = "fault.no-certificate"};
  return Verdict{.pass = false, .faults = {std::move(fault)}};
}

Inputs common_inputs(const Question& question, SignatureCache& cache) {
  Inputs inputs{.question = &question, .cache = &cache};
  inputs.at = question.at.time_since_epoch().count();
  for (const x509::CertificatePtr& certificate : question.chain) {
    inputs.sent.push_back(&cache.facts(certificate));
  }
  for (const x509::CertificatePtr& certificate : question.extra) {
    inputs.extra.push_back(&cache.facts(certificate));
  }
  return inputs;
}

}  // namespace

Verdict judge(const Question& question) {
  MEDIC_CHECK(question.profile != nullptr);
  if (question.chain.empty()) {
    return nothing_sent();
  }
  SignatureCache own;
  SignatureCache& cache = question.cache != nullptr ? *question.cache : own;
  StoreView store(question.anchors, cache);
  Inputs inputs = common_inputs(question, cache);
  inputs.profile = question.profile;
  inputs.store = &store;
  return verdict_of(inputs);
}

std::vector<VerdictPtr> judge_all(const Question& question,
                                  std::span<const profiles::Profile* const> profiles,
                                  std::span<const trust::AnchorSet* const> stores) {
  std::vector<VerdictPtr> cells(profiles.size() * stores.size());
  if (question.chain.empty()) {
    std::fill(cells.begin(), cells.end(), std::make_shared<const Verdict>(nothing_sent()));
    return cells;
  }
  SignatureCache own;
  SignatureCache& cache = question.cache != nullptr ? *question.cache : own;
  Inputs inputs = common_inputs(question, cache);
  // Profiles that decide by the same rules give the same verdict: the first of them answers for
  // all.
  std::vector<std::size_t> answered_by(profiles.size());
  for (std::size_t p = 0; p < profiles.size(); ++p) {
    answered_by[p] = p;
    for (std::size_t q = 0; q < p; ++q) {
      if (profiles[q]->engine == profiles[p]->engine &&
          profiles[q]->verify == profiles[p]->verify) {
        answered_by[p] = q;
        break;
      }
    }
  }
  for (std::size_t s = 0; s < stores.size(); ++s) {
    StoreView store(stores[s], cache);
    inputs.store = &store;
    for (std::size_t p = 0; p < profiles.size(); ++p) {
      VerdictPtr& cell = cells[p * stores.size() + s];
      if (answered_by[p] != p) {
        cell = cells[answered_by[p] * stores.size() + s];
        continue;
      }
      inputs.profile = profiles[p];
      cell = std::make_shared<const Verdict>(verdict_of(inputs));
    }
  }
  return cells;
}

std::string client_says(const profiles::Profile& profile, const Fault& fault) {
  text::Facts facts;
  for (const auto& [key, value] : fault.facts) {
    facts.insert_or_assign(key, value);
  }
  if (const auto at = profile.says.find(fault.id); at != profile.says.end()) {
    return text::filled(at->second, facts);
  }
  if (profile.says_frame.empty() || fault.openssl_error == 0) {
    return {};
  }
  facts.insert_or_assign("text", X509_verify_cert_error_string(fault.openssl_error));
  return text::filled(profile.says_frame, facts);
}

}  // namespace medic::verify
