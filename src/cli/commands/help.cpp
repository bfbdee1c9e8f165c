#include "cli/help.h"

#include <algorithm>
#include <string>

#include "cli/program.h"

namespace medic::cli {
namespace {

constexpr Positional kPositionals[] = {
    {.name = "COMMAND", .summary_key = "help.command", .required = false, .repeated = true}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic help explain", .summary_key = "help.example"}};

Result<ExitCode> run(const Args& args, Io& io) {
  std::string name;
  for (const std::string& word : args.positionals("COMMAND")) {
    name += (name.empty() ? "" : " ") + word;
  }
  if (const Command* command = find_command(name)) {
    io.out << help_of(*command, io);
    return ExitCode::Healthy;
  }
  const auto commands = command_registry();
  const bool group = std::any_of(commands.begin(), commands.end(), [&](const Command* command) {
    return command->name.starts_with(name + " ");
  });
  if (!name.empty() && !group) {
    return fail(ErrorKind::Usage, io.message("cli.unknown_command", {{"command", escaped(name)}}),
                {}, "tlsmedic --help");
  }
  io.out << program_help(name, io);
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_help{.name = "help",
                                            .summary_key = "help.summary",
                                            .positionals = kPositionals,
                                            .examples = kExamples,
                                            .run = run};

}  // namespace medic::cli
