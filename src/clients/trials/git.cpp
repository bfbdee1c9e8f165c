#include <fmt/core.h>

#include <array>

#include "clients/python.h"
#include "clients/trial.h"

namespace medic::clients {
namespace {

constexpr std::pair<std::string_view, std::string_view> kVariables[] = {
    {"GIT_TERMINAL_PROMPT", "0"}, {"GIT_ASKPASS", "true"}, {"SSH_ASKPASS", "true"}};

// http.curloptResolve came with 2.37.
bool dials_addresses(const Client& client) {
  return compare_versions(client.version, "2.37") >= 0;
}

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  // No helper may be asked for a password, none may keep one, and no cookie is written.
  std::vector<std::string> words = {client.path,
                                    "-c",
                                    "credential.helper=",
                                    "-c",
                                    "http.saveCookies=false",
                                    "-c",
                                    "http.followRedirects=false"};
  if (!target.address.empty()) {
    const bool ipv6 = target.address.find(':') != std::string::npos;
    words.insert(words.end(),
                 {"-c", fmt::format("http.curloptResolve={}:{}:{}{}{}", target.host, target.port,
                                    ipv6 ? "[" : "", target.address, ipv6 ? "]" : "")});
  }
  words.insert(words.end(), {"ls-remote", "--quiet", trial_url(target)});
  return words;
}

// git exits with 128 for everything; what libcurl said stands in "unable to access '...': ...".
TrialResult read(const ProcessOutcome& outcome) {
  constexpr std::array<std::string_view, 6> kNotTls = {"Could not resolve", "Failed to connect",
                                                       "Couldn't connect",  "Connection refused",
                                                       "timed out",         "from proxy"};
  constexpr std::array<std::string_view, 7> kTls = {"ertificate", "SSL",       "TLS",    "gnutls",
                                                    "schannel",   "handshake", "CA cert"};
  // What git says of an HTTP answer.
  constexpr std::array<std::string_view, 7> kAnswered = {
      "not found",          "not valid: is this a git",
      "returned error",     "Authentication failed",
      "could not read Use", "redirect",
      "Empty reply"};
  const std::size_t at = outcome.err.find("unable to access");
  const std::string_view said = at == std::string::npos ? std::string_view(outcome.err)
                                                        : std::string_view(outcome.err).substr(at);
  TrialVerdict verdict = TrialVerdict::Other;
  if (outcome.exit_status == 0 || says_any(said, kAnswered)) {
    verdict = TrialVerdict::Pass;
  } else if (at != std::string::npos && !says_any(said, kNotTls) && says_any(said, kTls)) {
    verdict = TrialVerdict::Fail;
  }
  return {.verdict = verdict, .said = last_words(outcome)};
}

}  // namespace

extern constinit const Trial trial_git{.kind = "git",
                                       .dials_addresses = dials_addresses,
                                       .command = command,
                                       .read = read,
                                       .variables = kVariables};

}  // namespace medic::clients
