// Check the certificate for another name: the near-by ones, and each name it was issued for.

#include "diagnose/nearby_names.h"
#include "diagnose/served_names.h"

namespace medic::diagnose {
namespace {

constexpr std::size_t kMaxNames = 32;  // tried; public certificates hold up to a few hundred

// Names to ask for, best guess first. A wildcard is tried with a label in its place.
std::vector<std::string> candidates(const Bench& bench, const x509::Certificate& leaf) {
  std::vector<std::string> names = nearby_names(bench.name());
  if (leaf.subject_alt_names) {
    for (const std::string& dns : leaf.subject_alt_names->dns) {
      names.push_back(dns.starts_with("*.") ? "www" + dns.substr(1) : dns);
    }
  }
  if (names.size() > kMaxNames) {
    names.resize(kMaxNames);
  }
  return names;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  const x509::CertificatePtr leaf = misnamed_leaf(bench, now);
  if (leaf == nullptr) {
    return {};
  }
  for (const std::string& name : candidates(bench, *leaf)) {
    Hypothesis hypothesis = bench.base();
    hypothesis.name = name;
    if (auto seen = observe_names(bench, now, "other-name", hypothesis, leaf)) {
      seen->subject = escaped(name, 253);  // RFC 1035 section 2.3.4
      seen->facts["suggestion"] = seen->subject;
      return {*std::move(seen)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_other_name{
    .id = "other-name", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
