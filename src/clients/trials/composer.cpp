#include <fmt/core.h>

#include <array>

#include "base/files.h"
#include "clients/trial.h"

namespace medic::clients {
namespace {

// A version that is given is not guessed by running git, hg and svn, of which the last writes into
// the home directory. Wide enough that no message is broken over lines.
constexpr std::pair<std::string_view, std::string_view> kVariables[] = {
    {"COMPOSER_ALLOW_SUPERUSER", "1"},     {"COMPOSER_NO_INTERACTION", "1"},
    {"COMPOSER_ROOT_VERSION", "1.0.0"},    {"COMPOSER_HTACCESS_PROTECT", "0"},
    {"COMPOSER_DISABLE_XDEBUG_WARN", "1"}, {"COLUMNS", "1000"}};

// A package that nobody serves: only the list of a repository is read.
std::vector<std::string> command(const Client& client, const TrialTarget& /*target*/) {
  return {client.path,       "show", "--all", "--no-ansi", "--no-plugins", "--no-interaction",
          "tlsmedic/invalid"};
}

// No host name has a character that JSON would have to escape.
void adapt(const TrialTarget& target, const std::string& directory, Environment& environment) {
  const std::string project = fmt::format(
      "{{\"repositories\":[{{\"type\":\"composer\",\"url\":\"{}\"}},"
      "{{\"packagist.org\":false}}]}}\n",
      trial_url(target));
  const std::string file = directory + "/composer.json";
  environment.insert_or_assign("COMPOSER", write_file(file, project) ? file : "/nowhere");
  environment.insert_or_assign("COMPOSER_CACHE_DIR", directory);
}

// "curl error 60 while downloading"; without that extension the words of PHP's streams.
TrialResult read(const ProcessOutcome& outcome) {
  constexpr std::array<std::string_view, 13> kTls = {
      "curl error 35 ",       "curl error 51 ", "curl error 53 ", "curl error 58 ",
      "curl error 59 ",       "curl error 60 ", "curl error 77 ", "curl error 83 ",
      "SSL operation failed", "enable crypto",  "cafile was not", "capath was not",
      "openssl extension"};
  constexpr std::array<std::string_view, 6> kAnswered = {"does not contain valid",
                                                         "could not be downloaded (HTTP",
                                                         "not found",
                                                         "curl error 52 ",
                                                         "No such package",
                                                         "HTTP/"};
  const std::string all = outcome.out + outcome.err;
  // What comes last is how the command is called.
  const std::size_t at = all.find("curl error");
  const std::string reason =
      at == std::string::npos ? std::string() : all.substr(at, all.find('\n', at) - at);
  TrialResult result{.verdict = TrialVerdict::Other,
                     .said = last_words(reason.empty() ? outcome : ProcessOutcome{.err = reason})};
  if (says_any(all, kTls)) {
    result.verdict = TrialVerdict::Fail;
  } else if (outcome.exit_status == 0 || says_any(all, kAnswered)) {
    result.verdict = TrialVerdict::Pass;
  }
  return result;
}

}  // namespace

extern constinit const Trial trial_composer{
    .kind = "composer", .command = command, .read = read, .variables = kVariables, .adapt = adapt};

}  // namespace medic::clients
