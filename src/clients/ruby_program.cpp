#include "clients/ruby_program.h"

#include <array>

namespace medic::clients {
namespace {

// RubyGems has net/http under a name of its own from 3.5 on.
constexpr std::string_view kDialling = R"(
name, address, program = ARGV.shift(3)
require 'net/http'
begin
  require 'rubygems/vendored_net_http'
rescue LoadError
end
dial = Module.new do
  define_method(:connect) do
    self.ipaddr = address if self.address == name && !proxy? && !started?
    super()
  end
end
Net::HTTP.prepend(dial)
Gem::Net::HTTP.prepend(dial) if defined?(Gem::Net::HTTP)
$0 = program
load program
)";

}  // namespace

std::vector<std::string> ruby_command(const Client& client, const TrialTarget& target) {
  if (target.address.empty() || client.runtime.empty()) {
    return {client.path};
  }
  return {client.runtime, "-e",       std::string(kDialling), "--", target.host,
          target.address, client.path};
}

TrialResult read_ruby_program(const ProcessOutcome& outcome) {
  constexpr std::array<std::string_view, 7> kTls = {"SSL_connect",
                                                    "SSL verification error",
                                                    "verify the SSL certificate",
                                                    "SSLError",
                                                    "StoreError",
                                                    "Connection reset",
                                                    "hostname \""};
  constexpr std::array<std::string_view, 6> kAnswered = {"not return a valid file", "bad response",
                                                         "Could not find gem",      "too short",
                                                         "not in gzip format",      "HTTP error"};
  const std::string all = outcome.out + outcome.err;
  TrialResult result{.verdict = TrialVerdict::Other, .said = last_words(outcome)};
  if (says_any(all, kTls)) {
    result.verdict = TrialVerdict::Fail;
  } else if (says_any(all, kAnswered)) {
    result.verdict = TrialVerdict::Pass;
  }
  return result;
}

}  // namespace medic::clients
