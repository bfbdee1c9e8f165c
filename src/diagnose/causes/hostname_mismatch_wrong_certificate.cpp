// The certificate has no name in common with the one asked for, not even a parent domain.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

// The last two labels: not the public-suffix list, but enough to see that nothing is shared.
std::string_view tail(std::string_view name) {
  const std::size_t last = name.rfind('.');
  const std::size_t before = last == std::string_view::npos || last == 0
                                 ? std::string_view::npos
                                 : name.rfind('.', last - 1);
  return before == std::string_view::npos ? name : name.substr(before + 1);
}

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("other-name");
  if (cure == nullptr || cure->certificates.empty() || clues.bench.facts().target.is_address) {
    return {};
  }
  const auto& names = cure->certificates.front()->subject_alt_names;
  if (!names) {
    return {};
  }
  for (const std::string& name : names->dns) {
    if (tail(name) == tail(clues.bench.name())) {
      return {};
    }
  }
  return {match_from(clues, *cure)};
}

}  // namespace

extern constinit const Cause cause_hostname_mismatch_wrong_certificate{
    .id = "hostname-mismatch-wrong-certificate", .match = match};

}  // namespace medic::diagnose
