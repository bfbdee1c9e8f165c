#include "cli/completion.h"

#include <string>

#include "cli/command.h"

namespace medic::cli {
namespace {

constexpr Positional kPositionals[] = {{.name = "SHELL", .summary_key = "completion.shell"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic completion bash > ~/.local/share/bash-completion/completions/tlsmedic",
     .summary_key = "completion.example_bash"},
    {.command = "tlsmedic completion fish > ~/.config/fish/completions/tlsmedic.fish",
     .summary_key = "completion.example_fish"}};

Result<ExitCode> run(const Args& args, Io& io) {
  const std::string shell = args.positional("SHELL");
  if (shell == "bash") {
    io.out << bash_completion();
  } else if (shell == "zsh") {
    io.out << zsh_completion();
  } else if (shell == "fish") {
    io.out << fish_completion();
  } else {
    return fail(ErrorKind::Usage, io.message("completion.unknown", {{"shell", escaped(shell)}}), {},
                "tlsmedic completion bash");
  }
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_completion{.name = "completion",
                                                  .summary_key = "completion.summary",
                                                  .positionals = kPositionals,
                                                  .examples = kExamples,
                                                  .run = run};

}  // namespace medic::cli
