#include <array>

#include "clients/trial.h"

namespace medic::clients {
namespace {

constexpr std::pair<std::string_view, std::string_view> kVariables[] = {
    {"PIP_NO_CACHE_DIR", "1"},
    {"PIP_NO_INPUT", "1"},
    {"PIP_RETRIES", "0"},
    {"PIP_DISABLE_PIP_VERSION_CHECK", "1"},
    {"PYTHONDONTWRITEBYTECODE", "1"},
};

// The real pip, told where to dial: the name it sees stays the same.
constexpr std::string_view kDialling = R"(
import runpy, socket, sys
name, address = sys.argv[1], sys.argv[2]
lookup = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: lookup(address if host in (name, name.encode()) else host, *rest, **more)
sys.argv = ['pip'] + sys.argv[3:]
runpy.run_module('pip', run_name='__main__', alter_sys=True)
)";

// A wheel: pip reads its metadata and runs nothing of it, whatever the server sends. The name is
// one that nobody serves.
std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  std::vector<std::string> words = {client.runtime.empty() ? client.path : client.runtime, "-B"};
  if (target.address.empty()) {
    words.insert(words.end(), {"-m", "pip"});
  } else {
    words.insert(words.end(), {"-c", std::string(kDialling), target.host, target.address});
  }
  words.insert(words.end(), {"download", "--quiet", "--no-deps", "--dest", ".",
                             trial_url(target) + "tlsmedic_trial-0-py2.py3-none-any.whl"});
  return words;
}

TrialResult read(const ProcessOutcome& outcome) {
  constexpr std::array<std::string_view, 7> kTls = {
      "CERTIFICATE_VERIFY_FAILED", "SSLError",         "ssl module",        "TLS CA certificate",
      "SSLCertVerification",       "CertificateError", "certificate verify"};
  constexpr std::array<std::string_view, 5> kAnswered = {
      "HTTP error", "is not a zip", "Invalid wheel", "has an invalid", "is invalid"};
  TrialResult result{.verdict = TrialVerdict::Other, .said = last_words(outcome)};
  if (says_any(outcome.err, kTls)) {
    result.verdict = TrialVerdict::Fail;
  } else if (outcome.exit_status == 0 || says_any(outcome.err, kAnswered)) {
    result.verdict = TrialVerdict::Pass;
  }
  return result;
}

}  // namespace

extern constinit const Trial trial_pip{.kind = "pip",
                                       .dials_addresses = always_dials,
                                       .command = command,
                                       .read = read,
                                       .variables = kVariables};

}  // namespace medic::clients
