#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const Identity leaf = lab.good_leaf();
  lab.bad(FaultContext::plan(leaf, {})).pool_pem = certificate_pem(lab.intermediate());
  lab.good(lab.plan(leaf));
}

}  // namespace

extern constinit const LabFault fault_missing_intermediate_no_aia{
    .id = "missing-intermediate-no-aia",
    .summary_key = "lab.missing-intermediate-no-aia",
    .cause = "missing-intermediate",
    .start = start};

}  // namespace medic::lab
