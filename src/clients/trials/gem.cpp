#include "clients/ruby_program.h"

namespace medic::clients {
namespace {

// A gem that nobody serves: only the list of a source is read.
std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  std::vector<std::string> words = ruby_command(client, target);
  words.insert(words.end(),
               {"fetch", "tlsmedic-invalid", "--clear-sources", "--source", trial_url(target)});
  return words;
}

void adapt(const TrialTarget& /*target*/, const std::string& directory, Environment& environment) {
  environment.insert_or_assign("GEM_SPEC_CACHE", directory);
}

}  // namespace

extern constinit const Trial trial_gem{.kind = "gem",
                                       .dials_addresses = always_dials,
                                       .command = command,
                                       .read = read_ruby_program,
                                       .adapt = adapt};

}  // namespace medic::clients
