#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  lab.bad([](Connection& connection) {
    connection.read_record();
    connection.reset();
  });
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_reset_after_hello{.id = "reset-after-hello",
                                                        .summary_key = "lab.reset-after-hello",
                                                        .cause = "server-crash-or-limits",
                                                        .start = start};

}  // namespace medic::lab
