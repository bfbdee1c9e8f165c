#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const Identity root = make_self_signed(lab.anchor("unknown private root"), lab.key(1));
  const Identity leaf = make_certificate(lab.leaf(), lab.key(), root);
  lab.bad(FaultContext::plan(leaf, {root}));
  lab.good(FaultContext::plan(leaf, {root})).ca_pem = certificate_pem(root);
}

}  // namespace

extern constinit const LabFault fault_untrusted_root_sent{.id = "untrusted-root-sent",
                                                          .summary_key = "lab.untrusted-root-sent",
                                                          .cause = "private-ca-not-trusted",
                                                          .start = start};

}  // namespace medic::lab
