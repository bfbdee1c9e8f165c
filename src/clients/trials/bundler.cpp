#include "clients/ruby_program.h"

namespace medic::clients {
namespace {

constexpr std::pair<std::string_view, std::string_view> kVariables[] = {
    {"BUNDLE_RETRY", "0"}, {"BUNDLE_TIMEOUT", "8"}, {"BUNDLE_GEMFILE", "Gemfile"}};

// A gem that nobody serves: only the list of a source is read, and no lock file is left but in the
// directory of the trial.
constexpr std::string_view kFile = R"(source ENV.fetch('TLSMEDIC_TRIAL_URL')
gem 'tlsmedic-invalid'
)";

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  std::vector<std::string> words = ruby_command(client, target);
  words.emplace_back("lock");
  return words;
}

void adapt(const TrialTarget& target, const std::string& directory, Environment& environment) {
  environment.insert_or_assign("TLSMEDIC_TRIAL_URL", trial_url(target));
  environment.insert_or_assign("BUNDLE_USER_CACHE", directory);
  environment.insert_or_assign("GEM_SPEC_CACHE", directory);
}

}  // namespace

extern constinit const Trial trial_bundler{.kind = "bundler",
                                           .dials_addresses = always_dials,
                                           .command = command,
                                           .read = read_ruby_program,
                                           .variables = kVariables,
                                           .adapt = adapt,
                                           .file_name = "Gemfile",
                                           .file = kFile};

}  // namespace medic::clients
