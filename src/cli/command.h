#pragma once

// A command of the program: one file in src/cli/commands, one record. The parser (adapter.cpp, the
// only file that includes CLI11), `--help`, the man page, shell completion and docs/commands are
// all made from this table.

#include <atomic>
#include <cstdint>
#include <istream>
#include <map>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "base/progress.h"
#include "base/time.h"
#include "text/language.h"
#include "text/messages.h"

namespace medic::cli {

// The verdict of a run as an exit status.
enum class ExitCode : int { Healthy = 0, Found = 1, Usage = 2, CouldNotLook = 3, Bug = 70 };

enum class OptionKind { Flag, Value, Repeated };

struct Option {
  std::string_view name;  // "--sni"
  OptionKind kind = OptionKind::Flag;
  std::string_view value;  // "NAME"; empty for a flag
  // A key of text::message(): "diagnose.sni" is the sentence `sni` of
  // data/messages/*/diagnose.toml. A command keeps its own texts in the section that bears its
  // name.
  std::string_view summary_key;
  std::string_view one_of;  // "any|4|6": checked by the parser; empty: free
};

struct Positional {
  std::string_view name;  // "TARGET"
  std::string_view summary_key;
  bool required = true;
  bool repeated = false;  // takes all that is left, also behind "--"
};

struct Example {
  std::string_view command;  // "tlsmedic diagnose https://example.org"
  std::string_view summary_key;
};

// Parsed arguments of one call.
class Args {
 public:
  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] std::string value(std::string_view name, std::string_view fallback = {}) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;
  [[nodiscard]] std::string positional(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> positionals(std::string_view name) const;

  std::map<std::string, std::vector<std::string>, std::less<>> options;
  std::map<std::string, std::vector<std::string>, std::less<>> operands;
};

// The outside world of a command. Passed in, so that tests run commands in-process.
struct Io {
  std::ostream& out;
  std::ostream& err;
  text::Language language = text::Language::English;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool color = false;
  int width = 80;
  bool quiet = false;
  bool json = false;
  const Clock* clock = nullptr;  // --at replaces it
  Environment environment;
  std::istream* in = nullptr;
  // Where a command says what it is doing; never null in a run. Clear it before writing the result.
  Progress* progress = nullptr;
  // Set by the first Ctrl-C (the second ends the process): finish early with what is known.
  const std::atomic<bool>* stop = nullptr;

  [[nodiscard]] bool stopped() const { return stop != nullptr && stop->load(); }
  [[nodiscard]] std::string message(std::string_view key, const text::Facts& facts = {}) const {
    return text::message(language, key, facts);
  }
};

struct Command {
  std::string_view name;  // "lab serve" is a sub-command of "lab"
  std::string_view summary_key;
  std::span<const Option> options;
  std::span<const Positional> positionals;
  std::span<const Example> examples;
  Result<ExitCode> (*run)(const Args& args, Io& io);
  bool hidden = false;
};

std::span<const Command* const> command_registry();

}  // namespace medic::cli
