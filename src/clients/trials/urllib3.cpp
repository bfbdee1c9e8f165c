#include "clients/script_trial.h"

namespace medic::clients {
namespace {

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return python_command(client, target,
                        "import urllib3\nurllib3.PoolManager(retries=False, "
                        "timeout=8).request('HEAD', url, redirect=False)");
}

}  // namespace

extern constinit const Trial trial_urllib3{
    .kind = "urllib3", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
