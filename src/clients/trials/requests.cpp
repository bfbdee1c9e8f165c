#include "clients/script_trial.h"

namespace medic::clients {
namespace {

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return python_command(client, target, "import requests\nrequests.head(url, timeout=8)");
}

}  // namespace

extern constinit const Trial trial_requests{
    .kind = "requests", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
