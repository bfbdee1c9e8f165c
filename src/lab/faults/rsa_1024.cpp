#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// GnuTLS 3.7, Node 20, Go 1.23, Java 17 and browsers (private root) accept it; OpenSSL at level 2
// does not.
void start(FaultContext& lab) {
  lab.bad(lab.plan(make_certificate(lab.leaf(), lab.key(0, KeyKind::Rsa1024), lab.intermediate())))
      .expectation = Expectation::Depends;
  lab.good(
      lab.plan(make_certificate(lab.leaf(), lab.key(0, KeyKind::Rsa2048), lab.intermediate())));
}

}  // namespace

extern constinit const LabFault fault_rsa_1024{.id = "rsa-1024",
                                               .summary_key = "lab.rsa-1024",
                                               .cause = "weak-server-certificate",
                                               .start = start};

}  // namespace medic::lab
