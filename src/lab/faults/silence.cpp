#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  lab.bad([](Connection& connection) {
    connection.read_record();
    connection.pause(kConnectionLimit);
  });
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_silence{.id = "silence",
                                              .summary_key = "lab.silence",
                                              .cause = "server-too-slow",
                                              .slow = true,
                                              .start = start};

}  // namespace medic::lab
