// The certificate is valid for longer than this client's root programme allows.

#include <fmt/core.h>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  std::vector<Match> found = match_rule_detail(clues, "profile-violation", "too-long-validity");
  for (Match& m : found) {
    const evidence::Handshake* handshake = main_handshake(clues);
    const auto chain =
        handshake != nullptr ? clues.bench.chain(*handshake) : std::vector<x509::CertificatePtr>{};
    if (!chain.empty()) {
      const auto days = std::chrono::ceil<std::chrono::days>(chain.front()->not_after -
                                                             chain.front()->not_before);
      m.facts["count"] = fmt::format("{}", days.count());
    }
  }
  return found;
}

}  // namespace

extern constinit const Cause cause_validity_too_long{.id = "validity-too-long", .match = match};

}  // namespace medic::diagnose
