#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// A hello with a post-quantum key share has about 1,500 to 2,000 octets, a classical one 250 to
// 520.
constexpr std::size_t kLongHello = 1400;

// Clients with small hellos get through.
void start(FaultContext& lab) {
  const auto server = make_tls_server(lab.good_plan(), lab.clock());
  lab.bad([server](Connection& connection) {
       if (connection.peek_record_size() > kLongHello) {
         connection.reset();
       } else {
         server->serve(connection);
       }
     })
      .expectation = Expectation::Depends;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_reset_long_hello{.id = "reset-long-hello",
                                                       .summary_key = "lab.reset-long-hello",
                                                       .cause = "firewall-or-dpi-reset",
                                                       .start = start};

}  // namespace medic::lab
