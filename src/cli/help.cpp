#include "cli/help.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/terminal.h"
#include "cli/globals.h"

namespace medic::cli {
namespace {

using Row = std::pair<std::string, std::string>;

constexpr std::size_t kIndent = 2;
constexpr std::size_t kMaxLabel = 28;

std::size_t text_width(const Io& io) {
  return static_cast<std::size_t>(std::clamp(io.width, 40, 100));
}

std::string heading(const Io& io, std::string_view key) {
  return painted(io.message(key), Paint::Bold, io.color ? Color::On : Color::Off) + "\n";
}

// Two columns; a label that is too long gets a line of its own.
std::string table(const std::vector<Row>& rows, const Io& io) {
  std::size_t label = 0;
  for (const auto& [left, right] : rows) {
    label = std::max(label, std::min(display_width(left), kMaxLabel));
  }
  const std::size_t column = kIndent + label + 2;
  std::string out;
  for (const auto& [left, right] : rows) {
    out += std::string(kIndent, ' ');
    out += padded(left, label + 2);
    if (display_width(left) > kMaxLabel) {
      out += "\n" + std::string(column, ' ');
    }
    out += wrapped(right, text_width(io), column) + "\n";
  }
  return out;
}

std::vector<Row> option_rows(std::span<const Option> options, text::Language language) {
  std::vector<Row> rows;
  rows.reserve(options.size());
  for (const Option& option : options) {
    rows.emplace_back(option_label(option), option_summary(option, language));
  }
  return rows;
}

}  // namespace

std::string option_label(const Option& option) {
  std::string label = option.name == "--help" ? "-h, --help" : std::string(option.name);
  if (option.kind != OptionKind::Flag) {
    label += fmt::format(" {}", option.value);
  }
  return label;
}

std::string option_summary(const Option& option, text::Language language) {
  std::string summary = text::message(language, option.summary_key);
  if (!option.one_of.empty() && option.one_of != option.value) {
    summary += fmt::format(" ({})", option.one_of);
  }
  return summary;
}

std::string usage_line(const Command& command) {
  std::string line = fmt::format("tlsmedic {}", command.name);
  if (!command.options.empty()) {
    line += " [OPTIONS]";
  }
  for (const Positional& positional : command.positionals) {
    const std::string name = fmt::format("{}{}", positional.name, positional.repeated ? "..." : "");
    line += positional.required ? " " + name : fmt::format(" [{}]", name);
  }
  return line;
}

std::string program_help(std::string_view group, const Io& io) {
  std::vector<Row> commands;
  for (const Command* command : command_registry()) {
    const bool in_group = group.empty() || command->name.starts_with(std::string(group) + " ");
    if (!command->hidden && in_group) {
      commands.emplace_back(command->name, io.message(command->summary_key));
    }
  }
  std::string out = wrapped(io.message("cli.summary"), text_width(io), 0) + "\n\n";
  out += heading(io, "cli.usage_heading");
  out += fmt::format("  tlsmedic {} [OPTIONS]\n\n",
                     group.empty() ? "COMMAND" : fmt::format("{} COMMAND", group));
  out += heading(io, "cli.commands_heading") + table(commands, io) + "\n";
  out += heading(io, "cli.options_heading") +
         table(option_rows(global_options(), io.language), io) + "\n";
  out += heading(io, "cli.examples_heading");
  out += table({{"tlsmedic diagnose https://example.org", io.message("cli.example_diagnose")},
                {"tlsmedic demo", io.message("cli.example_demo")},
                {"tlsmedic explain missing-intermediate", io.message("cli.example_explain")}},
               io);
  out += "\n" + heading(io, "cli.exit_heading") +
         wrapped(io.message("cli.exit_status"), text_width(io), 0) + "\n";
  return out;
}

std::string help_of(const Command& command, const Io& io) {
  std::string out = wrapped(io.message(command.summary_key), text_width(io), 0) + "\n\n";
  out += heading(io, "cli.usage_heading") + fmt::format("  {}\n", usage_line(command));
  if (!command.positionals.empty()) {
    std::vector<Row> rows;
    for (const Positional& positional : command.positionals) {
      rows.emplace_back(positional.name, io.message(positional.summary_key));
    }
    out += "\n" + heading(io, "cli.arguments_heading") + table(rows, io);
  }
  if (!command.options.empty()) {
    out += "\n" + heading(io, "cli.options_heading") +
           table(option_rows(command.options, io.language), io);
  }
  out += "\n" + heading(io, "cli.global_heading") +
         table(option_rows(global_options(), io.language), io);
  if (!command.examples.empty()) {
    out += "\n" + heading(io, "cli.examples_heading");
    for (const Example& example : command.examples) {
      out += fmt::format("  {}\n      {}\n", example.command,
                         wrapped(io.message(example.summary_key), text_width(io), 6));
    }
  }
  return out;
}

}  // namespace medic::cli
