#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const TlsPlan plan = lab.good_plan();
  lab.bad(postgres_script(plan, lab.clock()));
  lab.good(postgres_script(plan, lab.clock())).starttls = "postgres";
}

}  // namespace

extern constinit const LabFault fault_postgres_starttls{.id = "postgres-starttls",
                                                        .summary_key = "lab.postgres-starttls",
                                                        .cause = "plaintext-on-tls-port",
                                                        .start = start};

}  // namespace medic::lab
