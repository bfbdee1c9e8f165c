#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  lab.bad([](Connection& connection) {
    connection.read_record();
    connection.finish();
  });
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_close_after_hello{.id = "close-after-hello",
                                                        .summary_key = "lab.close-after-hello",
                                                        .cause = "server-crash-or-limits",
                                                        .start = start};

}  // namespace medic::lab
