// The right certificate is there: the server sends it without the name, or for a near-by one.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  if (handshake == nullptr || !std::holds_alternative<evidence::Completed>(handshake->outcome) ||
      cells_with(clues.matrix, "hostname-mismatch").empty() ||
      clues.observed("other-connection") != nullptr) {  // it changes without any other name
    return {};
  }
  for (const std::string_view experiment : {"without-sni", "other-sni"}) {
    const Observation* cure = clues.observed(experiment);
    if (cure == nullptr || cure->relieved.empty()) {
      continue;
    }
    Match found = match_from(clues, *cure);
    found.subject = clues.bench.name();
    if (const Observation* names = clues.observed("other-name")) {
      found.facts["names"] = names->facts.contains("names") ? names->facts.at("names") : "";
    }
    found.instead_of = {"hostname-mismatch", "hostname-mismatch-www",
                        "hostname-mismatch-wrong-certificate"};
    return {std::move(found)};
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_sni_wrong_virtual_host{.id = "sni-wrong-virtual-host",
                                                          .match = match};

}  // namespace medic::diagnose
