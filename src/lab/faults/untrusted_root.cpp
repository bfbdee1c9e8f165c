#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const Identity root = make_self_signed(lab.anchor("private root"), lab.key(1));
  const Identity issuer = make_certificate(lab.authority("private intermediate"), lab.key(2), root);
  const Identity leaf = make_certificate(lab.leaf(), lab.key(), issuer);
  lab.bad(FaultContext::plan(leaf, {issuer})).system_pem =
      certificate_pem(lab.root()) + certificate_pem(root);
  lab.good(FaultContext::plan(leaf, {issuer})).ca_pem = certificate_pem(root);
}

}  // namespace

extern constinit const LabFault fault_untrusted_root{.id = "untrusted-root",
                                                     .summary_key = "lab.untrusted-root",
                                                     .cause = "private-ca-not-trusted",
                                                     .start = start};

}  // namespace medic::lab
