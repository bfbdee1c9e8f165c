#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// X509_V_FLAG_X509_STRICT, error 86; RFC 5280 section 4.2.1.2.
void start(FaultContext& lab) {
  const Recipe proper = lab.authority("intermediate without SKI");
  Recipe lax = proper;
  lax.subject_key_id = false;
  const Identity lax_issuer = make_certificate(lax, lab.key(1), lab.root());
  const Identity proper_issuer = make_certificate(proper, lab.key(1), lab.root());
  const Identity leaf = make_certificate(lab.leaf(), lab.key(), proper_issuer);
  lab.bad(FaultContext::plan(leaf, {lax_issuer})).expectation = Expectation::Depends;
  lab.good(FaultContext::plan(leaf, {proper_issuer}));
}

}  // namespace

extern constinit const LabFault fault_missing_subject_key_id{
    .id = "missing-subject-key-id",
    .summary_key = "lab.missing-subject-key-id",
    .cause = "strict-x509-client",
    .start = start};

}  // namespace medic::lab
