#include "clients/script_trial.h"

namespace medic::clients {
namespace {

// An unsigned HEAD, so that no credentials are looked for or sent. Its stores are those of the
// session: the variable, the profile's ca_bundle, certifi.
std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return python_command(
      client, target,
      "import botocore, botocore.config, botocore.session\n"
      "config = botocore.config.Config(signature_version=botocore.UNSIGNED, "
      "retries={'max_attempts': 0}, connect_timeout=8, read_timeout=8, "
      "s3={'addressing_style': 'path'})\n"
      "client = botocore.session.get_session().create_client('s3', region_name='us-east-1', "
      "endpoint_url=url.rstrip('/'), config=config)\n"
      "try:\n"
      "    client.head_bucket(Bucket='tlsmedic')\n"
      "except botocore.exceptions.ClientError:\n"
      "    pass");
}

}  // namespace

extern constinit const Trial trial_botocore{
    .kind = "botocore", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
