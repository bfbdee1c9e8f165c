#include "cli/completion.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/globals.h"

namespace medic::cli {
namespace {

std::string first_word(std::string_view name) {
  return std::string(name.substr(0, name.find(' ')));
}

// "diagnose", "lab": what may follow "tlsmedic".
std::vector<std::string> top_words() {
  std::vector<std::string> words;
  for (const Command* command : command_registry()) {
    const std::string word = first_word(command->name);
    if (!command->hidden && std::find(words.begin(), words.end(), word) == words.end()) {
      words.push_back(word);
    }
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) {
    all += (all.empty() ? "" : " ") + word;
  }
  return all;
}

std::string choices(const Option& option) {
  std::string words(option.one_of);
  std::replace(words.begin(), words.end(), '|', ' ');
  return words;
}

std::string option_words(const Command& command) {
  std::vector<std::string> words;
  for (const Option& option : command.options) {
    words.emplace_back(option.name);
  }
  for (const Option& option : global_options()) {
    words.emplace_back(option.name);
  }
  return joined(words);
}

// For each group the words that may follow it: "lab" -> "list run serve".
std::map<std::string, std::string> groups() {
  std::map<std::string, std::string> all;
  for (const Command* command : command_registry()) {
    const std::size_t blank = command->name.find(' ');
    if (!command->hidden && blank != std::string_view::npos) {
      std::string& words = all[first_word(command->name)];
      words += (words.empty() ? "" : " ") + std::string(command->name.substr(blank + 1));
    }
  }
  return all;
}

// Every option of the program that takes one of a few words, once.
std::map<std::string, std::string> option_choices() {
  std::map<std::string, std::string> all;
  const auto add = [&all](std::span<const Option> options) {
    for (const Option& option : options) {
      if (!option.one_of.empty()) {
        all.emplace(option.name, choices(option));
      }
    }
  };
  add(global_options());
  for (const Command* command : command_registry()) {
    add(command->options);
  }
  return all;
}

// Safe between single quotes of fish.
std::string fish_quoted(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("\\'", at)) != std::string::npos; at += 2) {
    text.insert(at, "\\");
  }
  return fmt::format("'{}'", text);
}

std::string english(std::string_view key) {
  return text::message(text::Language::English, key);
}

// How an option goes on after its name.
std::string fish_value(const Option& option) {
  if (option.kind == OptionKind::Flag) {
    return "";
  }
  return option.one_of.empty() ? " -r" : fmt::format(" -x -a '{}'", choices(option));
}

std::string fish_option(const std::string& condition, const Option& option) {
  return fmt::format("complete -c tlsmedic{} -l {}{} -d {}\n", condition, option.name.substr(2),
                     fish_value(option), fish_quoted(english(option.summary_key)));
}

std::string fish_command(const Command& command) {
  const std::size_t blank = command.name.find(' ');
  const bool in_group = blank != std::string_view::npos;
  const std::string_view last = in_group ? command.name.substr(blank + 1) : command.name;
  const std::string condition =
      in_group ? fmt::format("__fish_seen_subcommand_from {}", first_word(command.name))
               : fmt::format("not __fish_seen_subcommand_from {}", joined(top_words()));
  std::string out = fmt::format("complete -c tlsmedic -f -n '{}' -a {} -d {}\n", condition, last,
                                fish_quoted(english(command.summary_key)));
  for (const Option& option : command.options) {
    out += fish_option(fmt::format(" -n '__fish_seen_subcommand_from {}'", last), option);
  }
  return out;
}

}  // namespace

std::string bash_completion() {
  std::string out = R"(# bash completion of tlsmedic, generated: tlsmedic completion bash
_tlsmedic() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    [[ $word == -* ]] || command="${command:+$command }$word"
  done
  local words=
  case $previous in
)";
  for (const auto& [option, words] : option_choices()) {
    out += fmt::format("    {}) COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return ;;\n",
                       option, words);
  }
  out += "  esac\n  case $command in\n";
  out += fmt::format("    \"\") words=\"{}\" ;;\n", joined(top_words()));
  for (const auto& [group, words] : groups()) {
    out += fmt::format("    {}) words=\"{}\" ;;\n", group, words);
  }
  out += "  esac\n  if [[ $current == -* || -z $words ]]; then\n    case $command in\n";
  for (const Command* command : command_registry()) {
    if (!command->hidden) {
      out += fmt::format("      \"{}\"*) words=\"{}\" ;;\n", command->name, option_words(*command));
    }
  }
  std::vector<std::string> globals;
  for (const Option& option : global_options()) {
    globals.emplace_back(option.name);
  }
  out += fmt::format("      \"\") words=\"{}\" ;;\n", joined(globals));
  out += R"(    esac
    [[ $current == -* ]] || words=
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _tlsmedic tlsmedic
)";
  return out;
}

std::string zsh_completion() {
  // zsh runs bash's completion functions as they are.
  return "#compdef tlsmedic\n# zsh completion of tlsmedic, generated: tlsmedic completion zsh\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         bash_completion();
}

std::string fish_completion() {
  std::string out = "# fish completion of tlsmedic, generated: tlsmedic completion fish\n";
  for (const Command* command : command_registry()) {
    if (!command->hidden) {
      out += fish_command(*command);
    }
  }
  for (const Option& option : global_options()) {
    out += fish_option("", option);
  }
  return out;
}

}  // namespace medic::cli
