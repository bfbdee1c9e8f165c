#include <array>
#include <filesystem>

#include "clients/trial.h"

namespace medic::clients {
namespace {

// A registry that is made for this one call: cargo asks it for its config.json and nothing else.
// Without protocols of its own cargo would try thrice.
constexpr std::pair<std::string_view, std::string_view> kVariables[] = {
    {"CARGO_NET_RETRY", "0"}, {"CARGO_TERM_COLOR", "never"}, {"CARGO_HTTP_TIMEOUT", "8"}};

std::vector<std::string> command(const Client& client, const TrialTarget& /*target*/) {
  return {client.path, "search", "--registry", "tlsmedic-trial", "tlsmedic-invalid"};
}

// Its own directory is where it writes, so it gets another one with the same settings in it.
void adapt(const TrialTarget& target, const std::string& directory, Environment& environment) {
  const auto own = environment.find("CARGO_HOME");
  const auto home = environment.find("HOME");
  std::filesystem::path settings;
  if (own != environment.end() && !own->second.empty()) {
    settings = own->second;
  } else if (home != environment.end()) {
    settings = std::filesystem::path(home->second) / ".cargo";
  }
  for (const char* const name : {"config.toml", "config"}) {
    std::error_code ignored;
    if (!settings.empty() && std::filesystem::exists(settings / name, ignored)) {
      std::filesystem::create_symlink(settings / name, std::filesystem::path(directory) / name,
                                      ignored);
    }
  }
  environment.insert_or_assign("CARGO_HOME", directory);
  environment.insert_or_assign("CARGO_REGISTRIES_TLSMEDIC_TRIAL_INDEX",
                               "sparse+" + trial_url(target));
}

// "[60] SSL peer certificate ...": libcurl's codes.
TrialResult read(const ProcessOutcome& outcome) {
  constexpr std::array<std::string_view, 9> kTls = {"[35]", "[51]", "[53]", "[58]", "[59]",
                                                    "[60]", "[77]", "[83]", "[91]"};
  constexpr std::array<std::string_view, 5> kAnswered = {"got 4", "got 5", "expected ",
                                                         "failed to parse", "invalid type"};
  TrialResult result{.verdict = TrialVerdict::Other, .said = last_words(outcome)};
  if (says_any(outcome.err, kTls)) {
    result.verdict = TrialVerdict::Fail;
  } else if (outcome.exit_status == 0 || says_any(outcome.err, kAnswered)) {
    result.verdict = TrialVerdict::Pass;
  }
  return result;
}

}  // namespace

extern constinit const Trial trial_cargo{
    .kind = "cargo", .command = command, .read = read, .variables = kVariables, .adapt = adapt};

}  // namespace medic::clients
