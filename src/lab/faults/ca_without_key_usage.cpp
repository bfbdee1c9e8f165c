#include "lab/lax_root.h"

namespace medic::lab {
namespace {

// X509_V_FLAG_X509_STRICT, error 92; RFC 5280 section 4.2.1.3.
void start(FaultContext& lab) {
  const Recipe proper = lab.anchor("root without keyUsage");
  Recipe lax = proper;
  lax.key_usage.reset();
  add_lax_root_sites(lab, proper, lax);
}

}  // namespace

extern constinit const LabFault fault_ca_without_key_usage{
    .id = "ca-without-key-usage",
    .summary_key = "lab.ca-without-key-usage",
    .cause = "strict-x509-client",
    .start = start};

}  // namespace medic::lab
