#include "clients/script_trial.h"

namespace medic::clients {
namespace {

// A lookup of our own changes where the connection goes and nothing else. Errors of the socket have
// an errno; what TLS refuses has a code and none.
constexpr std::string_view kScript = R"(
const [url, address] = process.argv.slice(1);
const say = (verdict, text) => {
  console.log('tlsmedic-trial ' + verdict + ' ' + String(text || '').split('\n')[0]);
  process.exit(0);
};
const options = {agent: false, method: 'HEAD'};
if (address) {
  options.lookup = (host, given, done) => {
    const family = address.includes(':') ? 6 : 4;
    if (given.all) { done(null, [{address, family}]); } else { done(null, address, family); }
  };
}
const request = require('https').request(url, options, () => say('pass'));
request.on('error', (error) => {
  const network = ['ENOTFOUND', 'ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'];
  const http = String(error.code).startsWith('HPE_');
  say(http ? 'pass' : network.includes(error.code) ? 'other' : 'fail', error.code + ' ' + error.message);
});
request.end();
)";

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  std::vector<std::string> words = {client.path, "-e", std::string(kScript), trial_url(target)};
  if (!target.address.empty()) {
    words.push_back(target.address);
  }
  return words;
}

}  // namespace

extern constinit const Trial trial_node{
    .kind = "node", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
