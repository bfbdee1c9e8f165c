#include "cli/adapter.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/nearest.h"

namespace medic::cli {
namespace {

// Where CLI11 puts what it read; a deque, because CLI11 keeps the addresses.
struct Slot {
  const Option* option;
  std::vector<std::string> values;
  bool given = false;
};

bool allowed(std::string_view one_of, std::string_view value) {
  while (true) {
    const std::size_t bar = one_of.find('|');
    if (one_of.substr(0, bar) == value) {
      return true;
    }
    if (bar == std::string_view::npos) {
      return false;
    }
    one_of.remove_prefix(bar + 1);
  }
}

std::string first_example(const Command& command) {
  return command.examples.empty() ? "tlsmedic " + std::string(command.name) + " --help"
                                  : std::string(command.examples.front().command);
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) {
    all += (all.empty() ? "" : ", ") + word;
  }
  return all;
}

class Parser {
 public:
  Parser(const Command& command, std::span<const Option> globals) : command_(command) {
    app_.set_help_flag();
    app_.allow_extras();
    for (const Option& option : command.options) {
      add(option);
    }
    for (const Option& option : globals) {
      add(option);
    }
  }

  Parsed<Args> parse(std::span<const std::string> words);

 private:
  void add(const Option& option);
  [[nodiscard]] UsageProblem problem(std::string_view key, text::Facts facts) const {
    return {
        .key = key, .facts = std::move(facts), .nearest = {}, .example = first_example(command_)};
  }
  [[nodiscard]] UsageProblem unknown_option(const std::string& word) const;
  [[nodiscard]] Parsed<void> read(std::vector<std::string> words);
  [[nodiscard]] Parsed<void> keep_options(Args& args) const;
  [[nodiscard]] Parsed<void> keep_operands(Args& args, std::span<const std::string> operands) const;

  const Command& command_;
  CLI::App app_;
  std::deque<Slot> slots_;
};

void Parser::add(const Option& option) {
  Slot& slot = slots_.emplace_back(Slot{.option = &option, .values = {}, .given = false});
  const std::string name(option.name);
  const std::string spelled = name == "--help"      ? "-h,--help"
                              : name == "--verbose" ? "-v,--verbose"
                                                    : name;
  switch (option.kind) {
    case OptionKind::Flag:
      app_.add_flag(spelled, slot.given);
      return;
    case OptionKind::Value:
    case OptionKind::Repeated:
      // One value for each mention; the words after it are positionals, not more values.
      app_.add_option(spelled, slot.values)->allow_extra_args(false)->take_all();
      return;
  }
}

UsageProblem Parser::unknown_option(const std::string& word) const {
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string_view> known;
  known.reserve(slots_.size());
  for (const Slot& slot : slots_) {
    known.push_back(slot.option->name);
  }
  UsageProblem unknown = problem(
      "cli.unknown_option", {{"option", escaped(name)}, {"command", std::string(command_.name)}});
  unknown.nearest = joined(nearest(name, known, 1));
  return unknown;
}

// CLI11 throws; nothing of it leaves this function.
Parsed<void> Parser::read(std::vector<std::string> words) {
  try {
    std::reverse(words.begin(), words.end());  // CLI11 takes words from the back
    app_.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    // The only complaint left to it is an option without its value: "--sni: 1 required TEXT
    // missing".
    const std::string said = error.what();
    const std::string name = said.substr(0, said.find_first_of(": "));
    return std::unexpected(problem("cli.missing_value", {{"option", escaped(name)}}));
  }
  return {};
}

Parsed<void> Parser::keep_options(Args& args) const {
  for (const Slot& slot : slots_) {
    const Option& option = *slot.option;
    if (slot.given) {
      args.options[std::string(option.name)] = {"true"};
    }
    for (const std::string& value : slot.values) {
      if (!option.one_of.empty() && !allowed(option.one_of, value)) {
        return std::unexpected(
            problem("cli.not_one_of", {{"option", std::string(option.name)},
                                       {"value", escaped(value)},
                                       {"choices", std::string(option.one_of)}}));
      }
    }
    if (!slot.values.empty()) {
      // Said twice, the last one counts, as in other programs.
      args.options[std::string(option.name)] = option.kind == OptionKind::Repeated
                                                   ? slot.values
                                                   : std::vector<std::string>{slot.values.back()};
    }
  }
  return {};
}

Parsed<void> Parser::keep_operands(Args& args, std::span<const std::string> operands) const {
  for (const Positional& positional : command_.positionals) {
    const std::size_t taken =
        positional.repeated ? operands.size() : std::min<std::size_t>(1, operands.size());
    if (taken == 0 && positional.required && !args.flag("--help")) {
      return std::unexpected(problem(
          "cli.missing_operand",
          {{"operand", std::string(positional.name)}, {"command", std::string(command_.name)}}));
    }
    if (taken > 0) {
      const auto mine = operands.first(taken);
      args.operands[std::string(positional.name)] = {mine.begin(), mine.end()};
    }
    operands = operands.subspan(taken);
  }
  if (!operands.empty() && !args.flag("--help")) {
    return std::unexpected(problem("cli.extra_operand", {{"operand", escaped(operands.front())},
                                                         {"command", std::string(command_.name)}}));
  }
  return {};
}

Parsed<Args> Parser::parse(std::span<const std::string> words) {
  const auto separator = std::find(words.begin(), words.end(), "--");
  if (auto done = read({words.begin(), separator}); !done) {
    return std::unexpected(std::move(done).error());
  }
  std::vector<std::string> operands;
  Args args;
  for (const std::string& word : app_.remaining()) {
    // "-" alone means standard input, by custom.
    if (word.size() > 1 && word.front() == '-') {
      return std::unexpected(unknown_option(word));
    }
    operands.push_back(word);
  }
  if (separator != words.end()) {
    operands.insert(operands.end(), separator + 1, words.end());
  }
  if (auto done = keep_options(args); !done) {
    return std::unexpected(std::move(done).error());
  }
  if (auto done = keep_operands(args, operands); !done) {
    return std::unexpected(std::move(done).error());
  }
  return args;
}

}  // namespace

Parsed<Args> parse_arguments(const Command& command, std::span<const Option> globals,
                             std::span<const std::string> words) {
  return Parser(command, globals).parse(words);
}

}  // namespace medic::cli
