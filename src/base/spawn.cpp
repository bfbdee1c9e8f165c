#include "base/spawn.h"

#include <fmt/core.h>

#include <system_error>
#include <utility>

#include "base/bytes.h"

namespace medic {
namespace {

// What exec takes: addresses of the words, and a null behind the last.
std::vector<char*> addresses(std::vector<std::string>& words) {
  std::vector<char*> all;
  all.reserve(words.size() + 1);
  for (std::string& word : words) {
    all.push_back(word.data());
  }
  all.push_back(nullptr);
  return all;
}

}  // namespace

Spawn::Spawn() {
  posix_spawn_file_actions_init(&actions_);
  posix_spawnattr_init(&attributes_);
}

Spawn::~Spawn() {
  posix_spawn_file_actions_destroy(&actions_);
  posix_spawnattr_destroy(&attributes_);
}

void Spawn::connect(int ours, int theirs) {
  posix_spawn_file_actions_adddup2(&actions_, ours, theirs);
}

void Spawn::run_in(const std::string& directory) {
  posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
}

void Spawn::default_signals(std::initializer_list<int> signals) {
  sigset_t defaults;
  sigemptyset(&defaults);
  for (const int number : signals) {
    sigaddset(&defaults, number);
  }
  posix_spawnattr_setsigdefault(&attributes_, &defaults);
  flags_ = static_cast<short>(flags_ | POSIX_SPAWN_SETSIGDEF);
}

void Spawn::unblock_all_signals() {
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes_, &none);
  flags_ = static_cast<short>(flags_ | POSIX_SPAWN_SETSIGMASK);
}

void Spawn::own_group() {
  posix_spawnattr_setpgroup(&attributes_, 0);
  flags_ = static_cast<short>(flags_ | POSIX_SPAWN_SETPGROUP);
}

Result<pid_t> Spawn::start(std::vector<std::string> argv, const Environment& environment) {
  std::vector<std::string> variables;
  variables.reserve(environment.size());
  for (const auto& [name, value] : environment) {
    variables.push_back(fmt::format("{}={}", name, value));
  }
  posix_spawnattr_setflags(&attributes_, flags_);
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, argv.front().c_str(), &actions_, &attributes_,
                                   addresses(argv).data(), addresses(variables).data());
  if (error != 0) {
    return fail(ErrorKind::Io, fmt::format("cannot run '{}': {}", escaped(argv.front()),
                                           std::generic_category().message(error)));
  }
  return child;
}

}  // namespace medic
