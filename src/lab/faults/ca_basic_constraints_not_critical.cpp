#include "lab/lax_root.h"

namespace medic::lab {
namespace {

// X509_V_FLAG_X509_STRICT, error 89; RFC 5280 section 4.2.1.9.
void start(FaultContext& lab) {
  const Recipe proper = lab.anchor("root with lax basicConstraints");
  Recipe lax = proper;
  lax.basic_constraints = x509::BasicConstraints{.ca = true, .path_length = {}, .critical = false};
  add_lax_root_sites(lab, proper, lax);
}

}  // namespace

extern constinit const LabFault fault_ca_basic_constraints_not_critical{
    .id = "ca-basic-constraints-not-critical",
    .summary_key = "lab.ca-basic-constraints-not-critical",
    .cause = "strict-x509-client",
    .start = start};

}  // namespace medic::lab
