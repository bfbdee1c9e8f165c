// A certificate of the chain breaks the encoding rules.

#include <algorithm>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

// OpenSSL does not name the cause: a certificate whose extensions it cannot read is issued by
// nobody (X509_check_issued() fails), so its family says "unable to get local issuer certificate".
void add_cells_without_issuer(const Clues& clues, Match& found) {
  for (const std::size_t cell : cells_with(clues.matrix, "unknown-issuer")) {
    const bool openssl = clues.matrix[cell].profile->engine == profiles::Engine::OpenSsl;
    if (openssl && std::ranges::find(found.explains, cell) == found.explains.end()) {
      found.explains.push_back(cell);
    }
  }
}

std::vector<Match> match(const Clues& clues) {
  std::vector<Match> found = match_rule(clues, "malformed-cert");
  for (Match& m : found) {
    m.facts.emplace("reason", m.facts["rule"]);
    add_cells_without_issuer(clues, m);
  }
  return found;
}

}  // namespace

extern constinit const Cause cause_malformed_certificate{.id = "malformed-certificate",
                                                         .match = match};

}  // namespace medic::diagnose
