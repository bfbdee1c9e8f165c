#include "clients/script_trial.h"

namespace medic::clients {
namespace {

// The list of models, asked with a key that is none.
std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return python_command(client, target,
                        "from google import genai\n"
                        "options = genai.types.HttpOptions(base_url=url, timeout=8000)\n"
                        "client = genai.Client(api_key='none', http_options=options)\n"
                        "try:\n"
                        "    list(client.models.list())\n"
                        "except (genai.errors.APIError, ValueError) as error:\n"
                        "    if isinstance(error, OSError): raise");
}

}  // namespace

extern constinit const Trial trial_google_genai{.kind = "google-genai",
                                                .dials_addresses = always_dials,
                                                .command = command,
                                                .read = read_script};

}  // namespace medic::clients
