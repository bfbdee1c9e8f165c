// A wildcard of a parent domain is there, one label too short.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("other-name");
  if (cure == nullptr || cure->certificates.empty()) {
    return {};
  }
  const auto& names = cure->certificates.front()->subject_alt_names;
  if (!names) {
    return {};
  }
  const std::string& host = clues.bench.name();
  for (const std::string& name : names->dns) {
    const std::string_view parent = std::string_view(name).substr(name.starts_with("*.") ? 1 : 0);
    if (name.starts_with("*.") && host.size() > parent.size() && host.ends_with(parent) &&
        host.find('.') + parent.size() < host.size()) {
      return {match_from(clues, *cure)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_hostname_mismatch_wildcard_depth{
    .id = "hostname-mismatch-wildcard-depth", .match = match};

}  // namespace medic::diagnose
