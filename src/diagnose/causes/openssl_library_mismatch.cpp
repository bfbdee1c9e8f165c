// The TLS library of an installed client cannot be loaded. Proven when nothing else stands in the
// way.

#include "diagnose/client_rows.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_runtime(clues, "openssl-library-mismatch");
}

}  // namespace

extern constinit const Cause cause_openssl_library_mismatch{.id = "openssl-library-mismatch",
                                                            .match = match};

}  // namespace medic::diagnose
