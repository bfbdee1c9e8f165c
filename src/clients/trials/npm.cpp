#include <algorithm>
#include <array>

#include "clients/trial.h"

namespace medic::clients {
namespace {

constexpr std::pair<std::string_view, std::string_view> kVariables[] = {
    {"npm_config_logs_max", "0"},
    {"npm_config_update_notifier", "false"},
    {"npm_config_fetch_retries", "0"},
    {"npm_config_audit", "false"},
};

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return {client.path, "ping", "--registry", trial_url(target)};
}

void adapt(const TrialTarget& /*target*/, const std::string& directory, Environment& environment) {
  environment.insert_or_assign("npm_config_cache", directory);
}

// "npm error code UNABLE_TO_GET_ISSUER_CERT_LOCALLY"; an HTTP status is E404 and so on.
TrialResult read(const ProcessOutcome& outcome) {
  constexpr std::array<std::string_view, 7> kNotTls = {
      "ENOTFOUND",    "ECONNREFUSED",       "ETIMEDOUT", "EAI_AGAIN",
      "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT", "proxy"};
  // A proxy on the way gives these too, before any TLS.
  constexpr std::array<std::string_view, 3> kGateway = {"code E502", "code E503", "code E504"};
  constexpr std::array<std::string_view, 9> kTls = {
      "CERT", "SSL", "TLS", "EPROTO", "ECONNRESET", "self-signed", "certificate", "ssl", "ENOENT"};
  constexpr std::array<std::string_view, 4> kAnswered = {"code E4", "code E5", "PONG",
                                                         "invalid json"};
  TrialResult result{.verdict = TrialVerdict::Other, .said = {}};
  for (std::size_t at = 0; at < outcome.err.size();) {
    const std::size_t end = std::min(outcome.err.find('\n', at), outcome.err.size());
    const std::string line = outcome.err.substr(at, end - at);
    const bool reason = line.find(" code ") != std::string::npos || result.said.empty();
    if (reason && line.find("error") != std::string::npos) {
      result.said = last_words({.out = {}, .err = line});
    }
    at = end + 1;
  }
  if (says_any(outcome.err, kGateway)) {
    return result;
  }
  if (outcome.exit_status == 0 || says_any(outcome.err, kAnswered)) {
    result.verdict = TrialVerdict::Pass;
  } else if (!says_any(outcome.err, kNotTls) && says_any(outcome.err, kTls)) {
    result.verdict = TrialVerdict::Fail;
  }
  return result;
}

}  // namespace

extern constinit const Trial trial_npm{
    .kind = "npm", .command = command, .read = read, .variables = kVariables, .adapt = adapt};

}  // namespace medic::clients
