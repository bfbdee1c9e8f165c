#include "clients/script_trial.h"

namespace medic::clients {
namespace {

// A stream to the address, verified for the name: what the https wrapper does below HTTP.
constexpr std::string_view kScript = R"(
$parts = parse_url($argv[1]);
$host = trim($parts['host'], '[]');
$port = $parts['port'];
$address = $argv[2] ?? $host;
$said = '';
set_error_handler(function ($level, $text) use (&$said) { $said .= ' ' . $text; return true; });
$say = function ($verdict) use (&$said) {
  echo 'tlsmedic-trial ', $verdict, ' ', substr(preg_replace('/\s+/', ' ', trim($said)), 0, 300), "\n";
  exit(0);
};
if (!extension_loaded('openssl')) { $said = 'no openssl extension'; $say('fail'); }
$context = stream_context_create(['ssl' => ['peer_name' => $host]]);
$dial = strpos($address, ':') === false ? $address : "[$address]";
$stream = stream_socket_client("tls://$dial:$port", $code, $text, 8, STREAM_CLIENT_CONNECT, $context);
if ($stream === false) {
  $tls = preg_match('/SSL|crypto|certificate|cafile|capath/i', $said) === 1;
  $say($tls ? 'fail' : 'other');
}
stream_set_timeout($stream, 8);
$said = '';
fwrite($stream, "HEAD / HTTP/1.0\r\nHost: $host\r\n\r\n");
fread($stream, 1);
$say(preg_match('/SSL operation failed/', $said) === 1 ? 'fail' : 'pass');
)";

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  std::vector<std::string> words = {client.path, "-r", std::string(kScript), "--",
                                    trial_url(target)};
  if (!target.address.empty()) {
    words.push_back(target.address);
  }
  return words;
}

}  // namespace

extern constinit const Trial trial_php{
    .kind = "php", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
