#include "clients/script_trial.h"

namespace medic::clients {
namespace {

// PeerAddr changes where the connection goes; the name that is verified and sent stays.
constexpr std::string_view kScript = R"(
use LWP::UserAgent;
use LWP::Protocol::http;
my ($url, $address) = @ARGV;
my $host = URI->new($url)->host;
my $agent = LWP::UserAgent->new(timeout => 8, env_proxy => 1, max_redirect => 0);
if ($address && !$agent->proxy('https')) {
  push @LWP::Protocol::http::EXTRA_SOCK_OPTS, PeerAddr => $address, SSL_hostname => $host, SSL_verifycn_name => $host;
}
my $answer = $agent->head($url);
my $said = $answer->message . ' ' . $answer->decoded_content;
$said =~ s/\s+/ /g;
my $inside = ($answer->header('Client-Warning') // '') eq 'Internal response';
my $verdict = !$inside ? 'pass' : $said =~ /refused|timeout|timed out|resolve|not known/i ? 'other' : $said =~ /SSL|certificate|hostname|CA/ ? 'fail' : 'other';
print "tlsmedic-trial $verdict ", substr($said, 0, 300), "\n";
)";

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  std::vector<std::string> words = {client.runtime.empty() ? client.path : client.runtime, "-e",
                                    std::string(kScript), "--", trial_url(target)};
  if (!target.address.empty()) {
    words.push_back(target.address);
  }
  return words;
}

}  // namespace

extern constinit const Trial trial_lwp{
    .kind = "lwp", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
