#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// X509_V_FLAG_X509_STRICT, error 89; RFC 5280 section 4.2.1.9.
void start(FaultContext& lab) {
  const Recipe proper = lab.anchor("root with lax basicConstraints");
  Recipe lax = proper;
  lax.basic_constraints = x509::BasicConstraints{.ca = true, .path_length = {}, .critical = false};
  const Identity lax_root = make_self_signed(lax, lab.key(1));
  const Identity proper_root = make_self_signed(proper, lab.key(1));
  const Identity issuer =
      make_certificate(lab.authority("below lax root"), lab.key(2), proper_root);
  const Identity leaf = make_certificate(lab.leaf(), lab.key(), issuer);
  Site& bad = lab.bad(FaultContext::plan(leaf, {issuer}));
  bad.ca_pem = certificate_pem(lax_root);
  bad.expectation = Expectation::Depends;
  lab.good(FaultContext::plan(leaf, {issuer})).ca_pem = certificate_pem(proper_root);
}

}  // namespace

extern constinit const LabFault fault_ca_basic_constraints_not_critical{
    .id = "ca-basic-constraints-not-critical",
    .summary_key = "lab.ca-basic-constraints-not-critical",
    .cause = "strict-x509-client",
    .start = start};

}  // namespace medic::lab
