#include "cli/manual.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "cli/globals.h"
#include "cli/help.h"
#include "cli/program.h"

namespace medic::cli {
namespace {

// groff_man(7): a line may not begin with a control character, and '-' alone is a hyphen that
// cannot be pasted into a shell.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool line_start = out.empty() || out.back() == '\n';
    if (line_start && (c == '.' || c == '\'')) {
      out += "\\&";
    }
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string roff_options(std::span<const Option> options, text::Language language) {
  std::string out;
  for (const Option& option : options) {
    out += fmt::format(".TP\n.B {}\n{}\n", roff(option_label(option)),
                       roff(option_summary(option, language)));
  }
  return out;
}

std::string roff_command(const Command& command, text::Language language) {
  std::string out =
      fmt::format(".SS {}\n.B {}\n.PP\n{}\n", roff(command.name), roff(usage_line(command)),
                  roff(text::message(language, command.summary_key)));
  for (const Positional& positional : command.positionals) {
    out += fmt::format(".TP\n.I {}\n{}\n", roff(positional.name),
                       roff(text::message(language, positional.summary_key)));
  }
  out += roff_options(command.options, language);
  for (const Example& example : command.examples) {
    out += fmt::format(".PP\n{}\n.PP\n.EX\n{}\n.EE\n",
                       roff(text::message(language, example.summary_key)), roff(example.command));
  }
  return out;
}

std::string cell(std::string text) {
  // '|' ends a cell of a Markdown table, even within a code span.
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
    text.insert(at, "\\");
  }
  return text;
}

std::string markdown_table(std::span<const Option> options, text::Language language) {
  std::string out = "| | |\n|---|---|\n";
  for (const Option& option : options) {
    out += fmt::format("| `{}` | {} |\n", cell(option_label(option)),
                       cell(option_summary(option, language)));
  }
  return out;
}

}  // namespace

std::string manual_page(text::Language language) {
  const auto say = [language](std::string_view key) { return roff(text::message(language, key)); };
  std::string out = fmt::format(".TH TLSMEDIC 1 \"\" \"tlsmedic {}\"\n", roff(program_version()));
  out += fmt::format(".SH NAME\ntlsmedic \\- {}\n", say("cli.name_line"));
  out += ".SH SYNOPSIS\n.B tlsmedic\n.I COMMAND\n[OPTIONS]\n";
  out += fmt::format(".SH DESCRIPTION\n{}\n", say("cli.summary"));
  out += ".SH COMMANDS\n";
  for (const Command* command : command_registry()) {
    if (!command->hidden) {
      out += roff_command(*command, language);
    }
  }
  out += ".SH OPTIONS\n" + roff_options(global_options(), language);
  out += fmt::format(".SH \"EXIT STATUS\"\n{}\n", say("cli.exit_status"));
  return out;
}

std::string command_file_name(const Command& command) {
  std::string name(command.name);
  std::replace(name.begin(), name.end(), ' ', '-');
  return name + ".md";
}

std::string command_page(const Command& command, text::Language language) {
  const auto say = [language](std::string_view key) { return text::message(language, key); };
  std::string out = fmt::format("# tlsmedic {}\n\n{}.\n\n```\n{}\n```\n", command.name,
                                say(command.summary_key), usage_line(command));
  if (!command.positionals.empty()) {
    out += fmt::format("\n## {}\n\n| | |\n|---|---|\n", say("cli.arguments_heading"));
    for (const Positional& positional : command.positionals) {
      out += fmt::format("| `{}` | {} |\n", positional.name, cell(say(positional.summary_key)));
    }
  }
  if (!command.options.empty()) {
    out += fmt::format("\n## {}\n\n{}", say("cli.options_heading"),
                       markdown_table(command.options, language));
  }
  out += fmt::format("\n## {}\n\n{}", say("cli.global_heading"),
                     markdown_table(global_options(), language));
  if (!command.examples.empty()) {
    out += fmt::format("\n## {}\n", say("cli.examples_heading"));
    for (const Example& example : command.examples) {
      out += fmt::format("\n{}:\n\n```\n{}\n```\n", say(example.summary_key), example.command);
    }
  }
  return out + fmt::format("\n## {}\n\n{}\n", say("cli.exit_heading"), say("cli.exit_status"));
}

std::string command_index(text::Language language) {
  std::string out = fmt::format("# {}\n\n", text::message(language, "cli.commands_heading"));
  for (const Command* command : command_registry()) {
    if (!command->hidden) {
      out += fmt::format("- [tlsmedic {}]({}): {}\n", command->name, command_file_name(*command),
                         text::message(language, command->summary_key));
    }
  }
  return out;
}

}  // namespace medic::cli
