#pragma once

// A shell script, Dockerfile, Makefile or list of arguments as the commands in it, far enough to
// see which program gets which option. Nothing is expanded or run.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace medic::audit {

struct ScriptWord {
  std::string text;  // without quotes
  std::size_t begin = 0;
  std::size_t end = 0;
  bool quoted = false;
};

struct ScriptCommand {
  // Prefixes ("sudo", "RUN", "then") are left out; the first is the program.
  std::vector<ScriptWord> words;
  // NAME=value before the program, and the arguments of export, env, ENV, ARG, set, setx.
  std::vector<ScriptWord> assignments;

  [[nodiscard]] std::string_view program() const;  // its last part: "curl" of "/usr/bin/curl"
};

// Text of here-documents is left out unless a shell reads it.
std::vector<ScriptCommand> commands_of(std::string_view text);

}  // namespace medic::audit
