#include "verify/issuer_fetch.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "x509/container.h"

namespace medic::verify {
namespace {

using x509::CertificatePtr;

bool names_issuer_of(const CertificatePtr& candidate, const CertificatePtr& child) {
  return candidate->subject.canonical == child->issuer.canonical &&
         candidate->fingerprint != child->fingerprint;
}

class Fetcher {
 public:
  Fetcher(evidence::World& world, const std::vector<CertificatePtr>& chain,
          const FetchLimits& limits)
      : world_(world), limits_(limits), known_(chain) {}

  FetchedIssuers run() {
    if (known_.empty()) {
      return {};
    }
    CertificatePtr top = known_.front();
    std::set<Sha256> passed;
    for (std::size_t fetched = 0; fetched <= kMaxIssuerSteps;) {
      if (top->self_issued() || !passed.insert(top->fingerprint).second) {
        break;
      }
      CertificatePtr above = issuer_of(top);
      if (above == nullptr) {
        ++fetched;
        if (fetched > kMaxIssuerSteps || !fetch_for(top)) {
          break;
        }
        above = issuer_of(top);
      }
      if (above == nullptr) {
        break;
      }
      top = above;
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] CertificatePtr issuer_of(const CertificatePtr& child) const {
    const auto at = std::find_if(known_.begin(), known_.end(), [&](const CertificatePtr& c) {
      return names_issuer_of(c, child);
    });
    return at == known_.end() ? nullptr : *at;
  }

  bool fetch_for(const CertificatePtr& child) {
    std::size_t tried = 0;
    for (const std::string& url : child->ca_issuer_urls) {
      if (!asked_.insert(url).second) {
        continue;
      }
      if (tried++ == limits_.urls) {
        break;
      }
      if (fetch(url, child)) {
        return true;
      }
    }
    return false;
  }

  bool fetch(const std::string& url, const CertificatePtr& child) {
    FetchedIssuers::Source source{.url = url};
    bool useful = false;
    if (!url.starts_with("http://")) {
      source.problem = "not plain http";
    } else {
      const evidence::Fetched answer = world_.fetch({.url = url,
                                                     .purpose = "aia",
                                                     .max_bytes = kMaxIssuerBytes,
                                                     .allow_private = limits_.allow_private});
      if (!answer.error.empty()) {
        source.problem = escaped(answer.error);
      } else if (answer.status != 200) {
        source.problem = fmt::format("HTTP status {}", answer.status);
      } else {
        useful = take(answer.body, child, source);
      }
    }
    result_.sources.push_back(std::move(source));
    return useful;
  }

  // Takes what the answer holds; true when the issuer asked for is there.
  bool take(const Bytes& body, const CertificatePtr& child, FetchedIssuers::Source& source) {
    x509::Certificates read = x509::read_certificates(body);
    if (read.certificates.empty()) {
      source.problem =
          read.problems.empty() ? "no certificate in the answer" : read.problems.front().what;
      return false;
    }
    bool useful = false;
    for (CertificatePtr& certificate : read.certificates) {
      if (source.certificates == kMaxIssuersPerAnswer) {
        break;
      }
      ++source.certificates;
      useful = useful || names_issuer_of(certificate, child);
      known_.push_back(certificate);
      result_.certificates.push_back(std::move(certificate));
    }
    if (!useful) {
      source.problem = "the answer is another certificate than the issuer";
    }
    return useful;
  }

  evidence::World& world_;
  const FetchLimits& limits_;
  std::vector<CertificatePtr> known_;
  std::set<std::string> asked_;
  FetchedIssuers result_;
};

}  // namespace

FetchedIssuers fetch_issuers(evidence::World& world, const std::vector<CertificatePtr>& chain,
                             const FetchLimits& limits) {
  return Fetcher(world, chain, limits).run();
}

}  // namespace medic::verify
