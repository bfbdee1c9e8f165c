#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// OpenSSL at level 2 refuses (dh key too small), Go and rustls never offer DHE; GnuTLS, Node 20 and
// Java 17 accept.
void start(FaultContext& lab) {
  const Identity leaf =
      make_certificate(lab.leaf(), lab.key(0, KeyKind::Rsa2048), lab.intermediate());
  TlsPlan plan = lab.plan(leaf);
  plan.max_version = TlsVersion::Tls12;
  lab.good(plan);
  plan.ciphers = "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-SHA";
  plan.dhe_1024 = true;
  lab.bad(plan).expectation = Expectation::Depends;
}

}  // namespace

extern constinit const LabFault fault_dhe_1024{.id = "dhe-1024",
                                               .summary_key = "lab.dhe-1024",
                                               .cause = "client-crypto-policy",
                                               .start = start};

}  // namespace medic::lab
