#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "clients/trial.h"

namespace medic::clients {
namespace {

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(target.deadline);
  return {client.path,
          "--no-verbose",
          "--tries=1",
          "--max-redirect=0",
          "--no-hsts",  // else it writes ~/.wget-hsts
          fmt::format("--timeout={}", std::max<long long>(1, seconds.count() - 1)),
          "--output-document=/dev/null",
          trial_url(target)};
}

// wget(1), EXIT STATUS: 4 network, 5 SSL verification, 6 authentication, 7 protocol, 8 the server's
// HTTP answer. A handshake that fails otherwise is 4 too.
TrialResult read(const ProcessOutcome& outcome) {
  constexpr int kVerification = 5;
  constexpr std::array kAnswered = {0, 6, 7, 8};
  const bool handshake = outcome.err.find("Unable to establish SSL") != std::string::npos;
  const bool answered = std::ranges::find(kAnswered, outcome.exit_status) != kAnswered.end();
  const TrialVerdict verdict = outcome.exit_status == kVerification || handshake
                                   ? TrialVerdict::Fail
                               : answered ? TrialVerdict::Pass
                                          : TrialVerdict::Other;
  return {.verdict = verdict, .said = last_words(outcome)};
}

}  // namespace

extern constinit const Trial trial_wget{.kind = "wget", .command = command, .read = read};

}  // namespace medic::clients
