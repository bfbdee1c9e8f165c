#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const TlsPlan plan = lab.good_plan();
  lab.bad(imap_script(plan, lab.clock()));
  lab.good(imap_script(plan, lab.clock())).starttls = "imap";
}

}  // namespace

extern constinit const LabFault fault_imap_greeting{.id = "imap-greeting",
                                                    .summary_key = "lab.imap-greeting",
                                                    .cause = "plaintext-on-tls-port",
                                                    .start = start};

}  // namespace medic::lab
