#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const std::uint16_t inner = lab.serve(tls_script(lab.good_plan(), lab.clock()));
  // 4 ms an octet: a flight of 1,200 octets takes some five seconds, longer than an impatient
  // client waits and shorter than a patient one.
  lab.bad(lab.dripping(inner, std::chrono::milliseconds(4)));
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_slow_drip{.id = "slow-drip",
                                                .summary_key = "lab.slow-drip",
                                                .cause = "server-too-slow",
                                                .slow = true,
                                                .start = start};

}  // namespace medic::lab
