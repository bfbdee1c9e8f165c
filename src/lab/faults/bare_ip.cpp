#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const Recipe by_name = lab.leaf();
  lab.use_host("127.0.0.1");
  lab.bad(lab.plan(lab.issued(by_name)));
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_bare_ip{
    .id = "bare-ip", .summary_key = "lab.bare-ip", .cause = "hostname-mismatch", .start = start};

}  // namespace medic::lab
