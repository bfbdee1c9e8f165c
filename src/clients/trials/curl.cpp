#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "clients/trial.h"

namespace medic::clients {
namespace {

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(target.deadline);
  std::vector<std::string> words = {
      client.path,    "--silent",
      "--show-error", "--no-location",
      "--output",     "/dev/null",
      "--max-time",   fmt::format("{}", std::max<long long>(1, seconds.count() - 1))};
  if (!target.address.empty()) {
    const bool ipv6 = target.address.find(':') != std::string::npos;
    words.insert(words.end(),
                 {"--resolve", fmt::format("{}:{}:{}{}{}", target.host, target.port,
                                           ipv6 ? "[" : "", target.address, ipv6 ? "]" : "")});
  }
  words.push_back(trial_url(target));
  return words;
}

// curl(1), EXIT CODES: TLS itself, and what can only come after a handshake (an empty answer, too
// many redirects, a body that ends early). 28 is a time-out and 56 a reset at any time, so they
// decide nothing.
TrialResult read(const ProcessOutcome& outcome) {
  constexpr std::array kTls = {35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98};
  constexpr std::array kAfterwards = {0, 8, 16, 18, 22, 47, 52, 92};
  const auto holds = [&](const auto& codes) {
    return std::ranges::find(codes, outcome.exit_status) != codes.end();
  };
  const TrialVerdict verdict = holds(kTls)          ? TrialVerdict::Fail
                               : holds(kAfterwards) ? TrialVerdict::Pass
                                                    : TrialVerdict::Other;
  return {.verdict = verdict, .said = last_words(outcome)};
}

}  // namespace

extern constinit const Trial trial_curl{
    .kind = "curl", .dials_addresses = always_dials, .command = command, .read = read};

}  // namespace medic::clients
