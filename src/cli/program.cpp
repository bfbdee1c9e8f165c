#include "cli/program.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "cli/adapter.h"
#include "cli/error_text.h"
#include "cli/globals.h"
#include "cli/help.h"
#include "cli/usage_problem.h"

namespace medic::cli {
namespace {

// The command line cut in three: options before the command's name, the command, the rest.
struct Split {
  const Command* command = nullptr;  // null: none was named
  std::string group;                 // "lab" when only the group of some commands was named
  std::vector<std::string> words;    // all but the command's name
};

const Option* find_global(std::string_view word) {
  const auto globals = global_options();
  const auto at = std::find_if(globals.begin(), globals.end(),
                               [word](const Option& option) { return option.name == word; });
  return at != globals.end() ? &*at : nullptr;
}

bool is_group(std::string_view word) {
  const std::string start = std::string(word) + " ";
  return std::any_of(command_registry().begin(), command_registry().end(),
                     [&](const Command* command) { return command->name.starts_with(start); });
}

// Where the command's name stands: options of the program may come before it.
std::size_t name_position(std::span<const std::string> words) {
  std::size_t i = 0;
  while (i < words.size() && words[i].starts_with('-')) {
    const Option* option = find_global(words[i]);
    i += option != nullptr && option->kind != OptionKind::Flag ? 2 : 1;
  }
  return std::min(i, words.size());
}

UsageProblem unknown_command(const std::string& name) {
  std::vector<std::string_view> known;
  for (const Command* command : command_registry()) {
    if (!command->hidden) {
      known.push_back(command->name);
    }
  }
  UsageProblem problem{.key = "cli.unknown_command",
                       .facts = {{"command", escaped(name)}},
                       .nearest = {},
                       .example = "tlsmedic --help"};
  const std::vector<std::string> close = nearest(name, known, 1);
  if (!close.empty()) {
    problem.nearest = close.front();
    problem.example = "tlsmedic " + close.front() + " --help";
  }
  return problem;
}

Parsed<Split> split(std::span<const std::string> words) {
  const std::size_t at = name_position(words);
  Split parts;
  parts.words.assign(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
  if (at == words.size()) {
    return parts;
  }
  std::size_t used = 1;
  if (at + 1 < words.size()) {
    parts.command = find_command(words[at] + " " + words[at + 1]);
    used = parts.command != nullptr ? 2 : 1;
  }
  if (parts.command == nullptr) {
    parts.command = find_command(words[at]);
  }
  if (parts.command == nullptr && is_group(words[at])) {
    const bool named = at + 1 < words.size() && !words[at + 1].starts_with('-');
    if (named) {
      return std::unexpected(unknown_command(words[at] + " " + words[at + 1]));
    }
    parts.group = words[at];
  } else if (parts.command == nullptr) {
    return std::unexpected(unknown_command(words[at]));
  }
  parts.words.insert(parts.words.end(), words.begin() + static_cast<std::ptrdiff_t>(at + used),
                     words.end());
  return parts;
}

ExitCode print(const Error& error, const Io& io) {
  io.progress->clear();
  io.out.flush();
  io.err << error_text(error, io.language);
  return exit_code(error.kind);
}

// What stands in for a command when none was named: only the options of the program.
constexpr Command kNoCommand{.name = "", .summary_key = "cli.summary"};

Result<ExitCode> run_command(const Command& command, const Args& args, Io& io) {
  io.json = args.flag("--json");
  io.quiet = args.flag("--quiet");
  io.color = color_wanted(args, io.environment, io.out_is_terminal);
  std::optional<FixedClock> fixed;
  if (args.has("--at")) {
    auto at = parse_time(args.value("--at"));
    if (!at) {
      Error error = std::move(at).error();
      error.kind = ErrorKind::Usage;
      error.next_step = "--at 2026-01-31T12:00:00Z";
      return std::unexpected(std::move(error).within("--at"));
    }
    fixed.emplace(*at);
    io.clock = &*fixed;
  }
  auto code = command.run(args, io);
  io.progress->clear();
  return code;
}

Result<ExitCode> run_split(const Split& parts, Io& io) {
  const Command& command = parts.command != nullptr ? *parts.command : kNoCommand;
  auto args = parse_arguments(command, global_options(), parts.words);
  if (!args) {
    return std::unexpected(usage_error(args.error(), io.language));
  }
  if (args->flag("--version")) {
    io.out << fmt::format("tlsmedic {}\n", program_version());
    return ExitCode::Healthy;
  }
  if (args->flag("--help")) {
    io.out << (parts.command != nullptr ? help_of(command, io) : program_help(parts.group, io));
    return ExitCode::Healthy;
  }
  if (parts.command == nullptr) {
    io.err << program_help(parts.group, io);
    return ExitCode::Usage;
  }
  return run_command(command, *args, io);
}

}  // namespace

std::string_view program_version() {
  return MEDIC_VERSION;
}

std::string program_and_version() {
  return "tlsmedic " MEDIC_VERSION;
}

const Command* find_command(std::string_view name) {
  const auto commands = command_registry();
  const auto at = std::find_if(commands.begin(), commands.end(),
                               [name](const Command* command) { return command->name == name; });
  return at != commands.end() ? *at : nullptr;
}

ExitCode run_program(std::span<const std::string> words, Io& io) {
  const std::unique_ptr<Progress> silent = make_silent_progress();
  if (io.progress == nullptr) {
    io.progress = silent.get();
  }
  const SystemClock system_clock;
  if (io.clock == nullptr) {
    io.clock = &system_clock;
  }
  io.language = language_of(words, io.environment);
  const auto parts = split(words);
  if (!parts) {
    return print(usage_error(parts.error(), io.language), io);
  }
  const Result<ExitCode> code = run_split(*parts, io);
  return code ? *code : print(code.error(), io);
}

}  // namespace medic::cli
