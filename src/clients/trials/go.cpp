#include <array>

#include "clients/trial.h"

namespace medic::clients {
namespace {

// The go command as a client: it asks a module proxy, which the target is made for this one call.
constexpr std::pair<std::string_view, std::string_view> kVariables[] = {
    {"GOFLAGS", ""},    {"GONOPROXY", ""}, {"GOPRIVATE", ""},    {"GOTOOLCHAIN", "local"},
    {"GOSUMDB", "off"}, {"GOENV", "off"},  {"GO111MODULE", "on"}};

std::vector<std::string> command(const Client& client, const TrialTarget& /*target*/) {
  return {client.path, "list", "-m", "-versions", "tlsmedic.invalid/trial"};
}

void adapt(const TrialTarget& target, const std::string& directory, Environment& environment) {
  environment.insert_or_assign("GOPROXY", trial_url(target));
  environment.insert_or_assign("GOMODCACHE", directory + "/modules");
  environment.insert_or_assign("GOCACHE", directory + "/cache");
  environment.insert_or_assign("GOPATH", directory + "/path");
}

TrialResult read(const ProcessOutcome& outcome) {
  constexpr std::array<std::string_view, 4> kTls = {"x509:", "tls:", "remote error",
                                                    "connection reset"};
  constexpr std::array<std::string_view, 5> kAnswered = {"404 Not Found", "malformed HTTP",
                                                         "no matching versions", "invalid version",
                                                         "403 Forbidden"};
  TrialResult result{.verdict = TrialVerdict::Other, .said = last_words(outcome)};
  if (says_any(outcome.err, kTls)) {
    result.verdict = TrialVerdict::Fail;
  } else if (outcome.exit_status == 0 || says_any(outcome.err, kAnswered)) {
    result.verdict = TrialVerdict::Pass;
  }
  return result;
}

}  // namespace

extern constinit const Trial trial_go{
    .kind = "go", .command = command, .read = read, .variables = kVariables, .adapt = adapt};

}  // namespace medic::clients
