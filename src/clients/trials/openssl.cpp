#include <fmt/core.h>

#include <array>

#include "clients/trial.h"
#include "target/ip_address.h"

namespace medic::clients {
namespace {

// s_client goes on when verifying fails, so it is asked to check the name and to give up. It waits
// for an answer: a server that wants a certificate of the client says so only after the handshake.
std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  const std::string& dialled = target.address.empty() ? target.host : target.address;
  const bool ipv6 = dialled.find(':') != std::string::npos;
  const bool numeric = target::parse_ip(target.host).has_value();
  std::vector<std::string> words = {
      client.path,
      "s_client",
      "-brief",
      "-ign_eof",
      "-verify_return_error",
      fmt::format("-connect={}{}{}:{}", ipv6 ? "[" : "", dialled, ipv6 ? "]" : "", target.port)};
  if (numeric) {
    words.insert(words.end(), {"-verify_ip=" + target.host, "-noservername"});
  } else {
    words.insert(words.end(), {"-verify_hostname=" + target.host, "-servername=" + target.host});
  }
  return words;
}

// "Verification: OK" is printed after the handshake, whatever comes then.
TrialResult read(const ProcessOutcome& outcome) {
  constexpr std::array<std::string_view, 5> kTls = {"verify error", "SSL routines", "SSL alert",
                                                    "write:errno=", "unexpected eof"};
  const std::string all = outcome.out + outcome.err;
  TrialResult result{.verdict = TrialVerdict::Other, .said = last_words(outcome)};
  if (all.find("Verification: OK") != std::string::npos) {
    const bool alert = all.find("SSL alert number") != std::string::npos;
    result.verdict = alert ? TrialVerdict::Fail : TrialVerdict::Pass;
  } else if (says_any(all, kTls)) {
    result.verdict = TrialVerdict::Fail;
  }
  return result;
}

}  // namespace

extern constinit const Trial trial_openssl{.kind = "openssl",
                                           .dials_addresses = always_dials,
                                           .command = command,
                                           .read = read,
                                           .input = "HEAD / HTTP/1.0\r\n\r\n"};

}  // namespace medic::clients
