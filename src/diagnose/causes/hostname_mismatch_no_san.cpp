// The name stands in the common name only, where current clients do not look.

#include "diagnose/cause.h"
#include "x509/host_name.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  for (const std::string_view experiment : {"other-name", "name-not-checked"}) {
    const Observation* cure = clues.observed(experiment);
    if (cure == nullptr || cure->certificates.empty()) {
      continue;
    }
    const x509::Certificate& leaf = *cure->certificates.front();
    const bool no_names = !leaf.subject_alt_names || (leaf.subject_alt_names->dns.empty() &&
                                                      leaf.subject_alt_names->ip.empty());
    if (no_names && x509::dns_name_matches(leaf.subject.first("CN"), clues.bench.name())) {
      return {match_from(clues, *cure)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_hostname_mismatch_no_san{.id = "hostname-mismatch-no-san",
                                                            .match = match};

}  // namespace medic::diagnose
