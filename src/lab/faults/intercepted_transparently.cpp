#include "lab/client_hello.h"
#include "lab/gateway.h"

namespace medic::lab {
namespace {

// Nobody configured a proxy: the box answers in the server's place and makes a certificate for
// whatever name it is asked for.
void start(FaultContext& lab) {
  const Identity gateway = make_gateway(lab);
  lab.bad([at = lab.at(), clock = lab.clock(), gateway](Connection& connection) {
       const Identity minted = make_certificate(leaf_recipe(peeked_server_name(connection), at),
                                                FaultContext::key(7), gateway);
       make_tls_server(FaultContext::plan(minted, {gateway}), clock)->serve(connection);
     })
      .system_pem = certificate_pem(lab.root());
  // The same CA, and one certificate for one name: a company's own server.
  Site& good = lab.good(
      FaultContext::plan(make_certificate(lab.leaf(), FaultContext::key(7), gateway), {gateway}));
  good.ca_pem = certificate_pem(gateway);
}

}  // namespace

extern constinit const LabFault fault_intercepted_transparently{
    .id = "intercepted-transparently",
    .summary_key = "lab.intercepted-transparently",
    .cause = "tls-interception",
    .start = start};

}  // namespace medic::lab
