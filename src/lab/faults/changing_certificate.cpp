#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  lab.good(plan);
  const Identity other = lab.issued(leaf_recipe("another-site.lab.test", lab.at()));
  plan.other = lab.plan(other).shown;
  plan.alternate = true;
  lab.bad(plan).expectation = Expectation::Depends;
}

}  // namespace

extern constinit const LabFault fault_changing_certificate{
    .id = "changing-certificate",
    .summary_key = "lab.changing-certificate",
    .cause = "certificate-changes-between-connections",
    .start = start};

}  // namespace medic::lab
