#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// OpenSSL 3 refuses (unsafe legacy renegotiation disabled), all other libraries accept.
void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  plan.max_version = TlsVersion::Tls12;
  lab.good(plan);
  plan.secure_renegotiation = false;
  lab.bad(plan).expectation = Expectation::Depends;
}

}  // namespace

extern constinit const LabFault fault_no_secure_renegotiation{
    .id = "no-secure-renegotiation",
    .summary_key = "lab.no-secure-renegotiation",
    .cause = "client-crypto-policy",
    .start = start};

}  // namespace medic::lab
