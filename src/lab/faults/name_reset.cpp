#include "lab/client_hello.h"
#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// A filter reads the name and sends a reset; every other name passes to the server.
void start(FaultContext& lab) {
  const auto server = make_tls_server(lab.good_plan(), lab.clock());
  lab.bad([server, blocked = lab.host()](Connection& connection) {
    if (peeked_server_name(connection) == blocked) {
      connection.reset();
    } else {
      server->serve(connection);
    }
  });
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_name_reset{.id = "name-reset",
                                                 .summary_key = "lab.name-reset",
                                                 .cause = "firewall-or-dpi-reset",
                                                 .start = start};

}  // namespace medic::lab
