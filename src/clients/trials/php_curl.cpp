#include "clients/script_trial.h"

namespace medic::clients {
namespace {

// The codes are libcurl's, as of the curl tool. 35 is also what a reset in the handshake gives.
constexpr std::string_view kScript = R"(
$say = function ($verdict, $said) {
  echo 'tlsmedic-trial ', $verdict, ' ', substr(preg_replace('/\s+/', ' ', $said), 0, 300), "\n";
  exit(0);
};
if (!extension_loaded('curl')) { $say('fail', 'no curl extension'); }
$parts = parse_url($argv[1]);
$handle = curl_init($argv[1]);
curl_setopt_array($handle, [CURLOPT_NOBODY => true, CURLOPT_TIMEOUT => 8, CURLOPT_RETURNTRANSFER => true]);
if (isset($argv[2])) {
  $dial = strpos($argv[2], ':') === false ? $argv[2] : "[$argv[2]]";
  curl_setopt($handle, CURLOPT_CONNECT_TO, [$parts['host'] . ':' . $parts['port'] . ':' . $dial . ':' . $parts['port']]);
}
curl_exec($handle);
$code = curl_errno($handle);
$tls = [35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98];
$after = [0, 8, 16, 18, 22, 47, 52, 92];
$say(in_array($code, $tls) ? 'fail' : (in_array($code, $after) ? 'pass' : 'other'),
     $code === 0 ? '' : "curl error $code: " . curl_error($handle));
)";

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  std::vector<std::string> words = {client.runtime.empty() ? client.path : client.runtime, "-r",
                                    std::string(kScript), "--", trial_url(target)};
  if (!target.address.empty()) {
    words.push_back(target.address);
  }
  return words;
}

}  // namespace

extern constinit const Trial trial_php_curl{
    .kind = "php-curl", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
