#include <array>

#include "clients/trial.h"

namespace medic::clients {
namespace {

constexpr std::pair<std::string_view, std::string_view> kVariables[] = {
    {"UV_HTTP_RETRIES", "0"},
    {"UV_HTTP_TIMEOUT", "8"},
    {"UV_PYTHON_DOWNLOADS", "never"},
    {"UV_NO_PROGRESS", "1"},
};

// A list of requirements is fetched before anything else is looked at. Whatever the server sends,
// nothing of it is built or looked up: wheels alone, and no index.
std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return {client.path,  "pip",       "compile", "--no-build",
          "--no-index", "--no-deps", "--quiet", trial_url(target) + "tlsmedic.txt"};
}

void adapt(const TrialTarget& /*target*/, const std::string& directory, Environment& environment) {
  environment.insert_or_assign("UV_CACHE_DIR", directory + "/cache");
}

TrialResult read(const ProcessOutcome& outcome) {
  constexpr std::array<std::string_view, 4> kAnswered = {"parse requirement", "HTTP status",
                                                         "unsupported requirement", "SendRequest"};
  constexpr std::array<std::string_view, 9> kTls = {
      "peer certificate",           "received fatal alert", "peer is incompatible",
      "received corrupt message",   "peer misbehaved",      "handshake eof",
      "No certificates in default", "Connection reset",     "unexpected end of file"};
  TrialResult result{.verdict = TrialVerdict::Other, .said = last_words(outcome)};
  if (outcome.exit_status == 0 || says_any(outcome.err, kAnswered)) {
    result.verdict = TrialVerdict::Pass;
  } else if (says_any(outcome.err, kTls)) {
    result.verdict = TrialVerdict::Fail;
  }
  return result;
}

}  // namespace

extern constinit const Trial trial_uv{
    .kind = "uv", .command = command, .read = read, .variables = kVariables, .adapt = adapt};

}  // namespace medic::clients
