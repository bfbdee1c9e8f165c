#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const auto server = make_tls_server(lab.good_plan(), lab.clock());
  lab.bad([server](Connection& connection) {
       if (connection.ordinal() % 3 == 2) {
         connection.read_record();
         connection.reset();
       } else {
         server->serve(connection);
       }
     })
      .expectation = Expectation::Depends;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_flaky{
    .id = "flaky", .summary_key = "lab.flaky", .cause = "server-crash-or-limits", .start = start};

}  // namespace medic::lab
