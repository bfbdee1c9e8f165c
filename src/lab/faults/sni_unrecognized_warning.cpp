#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// RFC 6066 section 3 discourages the warning because clients differ: OpenSSL goes on, Java 7 and 8
// stop. TLS 1.3 has no warnings.
void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  plan.max_version = TlsVersion::Tls12;
  plan.sni = SniRule::WarnUnknown;
  plan.known_names = {"another-site.lab.test"};
  lab.bad(plan).expectation = Expectation::Depends;
  plan.known_names = {lab.host()};
  lab.good(plan);
}

}  // namespace

extern constinit const LabFault fault_sni_unrecognized_warning{
    .id = "sni-unrecognized-warning",
    .summary_key = "lab.sni-unrecognized-warning",
    .cause = "sni-misconfigured-server",
    .start = start};

}  // namespace medic::lab
