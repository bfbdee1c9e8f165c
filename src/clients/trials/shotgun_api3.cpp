#include "clients/script_trial.h"

namespace medic::clients {
namespace {

// The anonymous question that every connection begins with; no script or person is named. Its
// copy need not be on the path of its interpreter: Toolkit has one of its own. What is no JSON is a
// ValueError, and so is a certificate that ssl refuses.
std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  std::vector<std::string> words =
      python_command(client, target,
                     "sys.path.insert(0, sys.argv[-1])\n"
                     "import shotgun_api3\n"
                     "site = shotgun_api3.Shotgun(url.rstrip('/'), script_name='tlsmedic', "
                     "api_key='none', connect=False)\n"
                     "site.config.timeout_secs = 8\n"
                     "site.config.max_rpc_attempts = 1\n"
                     "try:\n"
                     "    site.info()\n"
                     "except (shotgun_api3.ShotgunError, ValueError) as error:\n"
                     "    if isinstance(error, OSError): raise");
  if (target.address.empty()) {
    words.emplace_back("");
  }
  words.emplace_back(machine::parent(client.path));
  return words;
}

}  // namespace

extern constinit const Trial trial_shotgun_api3{.kind = "shotgun_api3",
                                                .dials_addresses = always_dials,
                                                .command = command,
                                                .read = read_script};

}  // namespace medic::clients
