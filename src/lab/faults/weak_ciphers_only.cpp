#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// NULL and not RC4 or 3DES, which Debian's OpenSSL does not contain.
void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  plan.max_version = TlsVersion::Tls12;
  lab.good(plan);
  plan.ciphers = "ECDHE-ECDSA-NULL-SHA";
  lab.bad(plan);
}

}  // namespace

extern constinit const LabFault fault_weak_ciphers_only{.id = "weak-ciphers-only",
                                                        .summary_key = "lab.weak-ciphers-only",
                                                        .cause = "no-shared-cipher",
                                                        .start = start};

}  // namespace medic::lab
