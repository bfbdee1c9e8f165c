// The server finishes with TLS 1.3 and refuses TLS 1.2 alone, which is the newest of some clients.

#include <algorithm>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

constexpr std::uint16_t kTls12 = 0x0303;

// RFC 5246 section 7.2.2; some servers answer with the more general alert.
bool refused_by_version(const Cell& cell) {
  return has_fault(cell, "alert-protocol-version") || has_fault(cell, "alert-handshake-failure");
}

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("version-ceiling");
  if (cure == nullptr || cure->subject != "1.3") {
    return {};
  }
  Match found = match_from(clues, *cure);
  std::erase_if(found.explains, [&](std::size_t cell) {
    const Cell& c = clues.matrix[cell];
    return c.profile->tls.max_version > kTls12 || !refused_by_version(c);
  });
  found.subject = clues.bench.name();
  return found.explains.empty() ? std::vector<Match>{} : std::vector{std::move(found)};
}

}  // namespace

extern constinit const Cause cause_server_only_tls13{.id = "server-only-tls13", .match = match};

}  // namespace medic::diagnose
