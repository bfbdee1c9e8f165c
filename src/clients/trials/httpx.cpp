#include "clients/script_trial.h"

namespace medic::clients {
namespace {

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return python_command(client, target,
                        "import httpx\nhttpx.head(url, timeout=8, follow_redirects=False)");
}

}  // namespace

extern constinit const Trial trial_httpx{
    .kind = "httpx", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
