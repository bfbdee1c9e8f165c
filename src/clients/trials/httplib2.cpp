#include "clients/script_trial.h"

namespace medic::clients {
namespace {

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return python_command(client, target,
                        "import httplib2\n"
                        "http = httplib2.Http(timeout=8)\n"
                        "http.follow_redirects = False\n"
                        "http.request(url, 'HEAD')");
}

}  // namespace

extern constinit const Trial trial_httplib2{
    .kind = "httplib2", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
