#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// RFC 9525 section 6.3.
void start(FaultContext& lab) {
  const Recipe wildcard = leaf_recipe("*.wildcard-too-deep.lab.test", lab.at());
  const TlsPlan plan = lab.plan(lab.issued(wildcard));
  lab.use_host("a.b.wildcard-too-deep.lab.test");
  lab.bad(plan);
  lab.use_host("b.wildcard-too-deep.lab.test");
  lab.good(plan);
}

}  // namespace

extern constinit const LabFault fault_wildcard_too_deep{.id = "wildcard-too-deep",
                                                        .summary_key = "lab.wildcard-too-deep",
                                                        .cause = "hostname-mismatch",
                                                        .start = start};

}  // namespace medic::lab
