#include "clients/script_trial.h"

namespace medic::clients {
namespace {

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return python_command(client, target,
                        "try:\n"
                        "    import urllib.request as lib\n"
                        "except ImportError:\n"
                        "    import urllib2 as lib\n"
                        "class Stay(lib.HTTPRedirectHandler):\n"
                        "    def redirect_request(self, *rest): return None\n"
                        "lib.build_opener(Stay).open(url, timeout=8).close()");
}

}  // namespace

extern constinit const Trial trial_python{
    .kind = "python", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
