#include "lab/client_hello.h"
#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// A filter reads the name and lets nothing through any more: neither an answer nor an end.
void start(FaultContext& lab) {
  const auto server = make_tls_server(lab.good_plan(), lab.clock());
  lab.bad([server, blocked = lab.host()](Connection& connection) {
    if (peeked_server_name(connection) == blocked) {
      connection.pause(kConnectionLimit);
    } else {
      server->serve(connection);
    }
  });
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_name_swallowed{.id = "name-swallowed",
                                                     .summary_key = "lab.name-swallowed",
                                                     .cause = "firewall-or-dpi-reset",
                                                     .slow = true,
                                                     .start = start};

}  // namespace medic::lab
