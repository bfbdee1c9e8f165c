#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const TlsPlan plan = lab.good_plan();
  lab.bad(smtp_script(plan, lab.clock()));
  lab.good(smtp_script(plan, lab.clock())).starttls = "smtp";
}

}  // namespace

extern constinit const LabFault fault_smtp_greeting{.id = "smtp-greeting",
                                                    .summary_key = "lab.smtp-greeting",
                                                    .cause = "plaintext-on-tls-port",
                                                    .start = start};

}  // namespace medic::lab
