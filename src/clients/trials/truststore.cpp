#include "clients/script_trial.h"

namespace medic::clients {
namespace {

// Its context under Python's own client; a program may use it under any.
std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return python_command(client, target,
                        "import ssl, truststore, urllib.request as lib\n"
                        "class Stay(lib.HTTPRedirectHandler):\n"
                        "    def redirect_request(self, *rest): return None\n"
                        "context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)\n"
                        "handler = lib.HTTPSHandler(context=context)\n"
                        "lib.build_opener(Stay, handler).open(url, timeout=8).close()");
}

}  // namespace

extern constinit const Trial trial_truststore{
    .kind = "truststore", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
