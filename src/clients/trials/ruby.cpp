#include "clients/script_trial.h"

namespace medic::clients {
namespace {

// ipaddr= changes where the connection goes and nothing else.
constexpr std::string_view kScript = R"(
require 'net/http'
require 'openssl'
url, address = ARGV
def say(verdict, text = '')
  puts "tlsmedic-trial #{verdict} #{text.to_s.split("\n").first}"
  exit
end
begin
  uri = URI(url)
  http = Net::HTTP.new(uri.hostname, uri.port)
  http.ipaddr = address if address && !http.proxy?
  http.use_ssl = true
  http.open_timeout = http.read_timeout = http.ssl_timeout = 8
  http.max_retries = 0
  http.start { |open| open.request(Net::HTTP::Head.new('/')) }
rescue OpenSSL::SSL::SSLError, Errno::ECONNRESET, Errno::ENOENT, OpenSSL::X509::StoreError => error
  say('fail', error.message)
rescue LoadError => error
  say('fail', error.message)
rescue Net::HTTPBadResponse, EOFError
  say('pass')
rescue StandardError => error
  say('other', "#{error.class}: #{error.message}")
end
say('pass')
)";

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  std::vector<std::string> words = {client.path, "-e", std::string(kScript), "--",
                                    trial_url(target)};
  if (!target.address.empty()) {
    words.push_back(target.address);
  }
  return words;
}

}  // namespace

extern constinit const Trial trial_ruby{
    .kind = "ruby", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
