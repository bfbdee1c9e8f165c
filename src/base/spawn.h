#pragma once

// posix_spawn for those who start programs: descriptors, signals and the words that exec takes.

#include <spawn.h>
#include <sys/types.h>

#include <csignal>
#include <initializer_list>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"

namespace medic {

class Spawn {
 public:
  Spawn();
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;
  Spawn(Spawn&&) = delete;
  Spawn& operator=(Spawn&&) = delete;
  ~Spawn();

  // The program's descriptor `theirs` is our `ours`. Both stay ours to close.
  void connect(int ours, int theirs);
  void run_in(const std::string& directory);
  // What we ignore or catch, the program is to have at its default.
  void default_signals(std::initializer_list<int> signals);
  void unblock_all_signals();
  // A process group of its own, so that it can be ended with all that it starts.
  void own_group();

  // The program is looked for along our PATH. `argv` has at least its name.
  Result<pid_t> start(std::vector<std::string> argv, const Environment& environment);

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
  short flags_ = 0;
};

}  // namespace medic
