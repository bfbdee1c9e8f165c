#include <fmt/core.h>

#include <filesystem>
#include <set>

#include "tests/house/code.h"
#include "tests/house/rules.h"

namespace medic::house {
namespace {

namespace fs = std::filesystem;

// Targets of [text](target) in one line, without #fragments; addresses of other places are left
// out.
std::vector<std::string> link_targets(std::string_view line) {
  std::vector<std::string> targets;
  for (std::size_t at = line.find("]("); at != std::string_view::npos;
       at = line.find("](", at + 1)) {
    const std::size_t end = line.find(')', at);
    std::string target(line.substr(at + 2, end == std::string_view::npos ? end : end - at - 2));
    target = target.substr(0, target.find('#'));
    if (!target.empty() && !contains(target, "://") && !target.starts_with("mailto:")) {
      targets.push_back(target);
    }
  }
  return targets;
}

bool exists(const Tree& tree, const std::string& path) {
  const std::string directory = path.ends_with('/') ? path : path + "/";
  const auto at = tree.lower_bound(directory);
  return tree.find(path) != tree.end() || (at != tree.end() && at->first.starts_with(directory));
}

void check_links(const Tree& tree, const std::string& path, const Line& line, Problems& problems) {
  for (const std::string& target : link_targets(line.text)) {
    const std::string resolved =
        (fs::path(path).parent_path() / target).lexically_normal().generic_string();
    if (!exists(tree, resolved)) {
      problems.push_back(
          place(path, line.number, fmt::format("the link to {} leads nowhere", target)));
    }
  }
}

// The first words of the commands, from their records: "lab" of "lab serve".
std::set<std::string, std::less<>> command_words(const Tree& tree) {
  std::set<std::string, std::less<>> words;
  for (const std::string& path : paths_in(tree, "src/cli/commands/", ".cpp")) {
    for (const Literal& literal : split_code(tree.at(path)).literals) {
      words.insert(literal.text.substr(0, literal.text.find(' ')));
    }
  }
  return words;
}

// "diagnose" of "$ ./tlsmedic --lang ko diagnose https://..." or of "tlsmedic diagnose".
std::string command_in(std::string_view line) {
  for (const std::string_view start :
       {"$ ./tlsmedic ", "$ tlsmedic ", "./tlsmedic ", "tlsmedic "}) {
    if (line.starts_with(start)) {
      line.remove_prefix(start.size());
      const std::string word(line.substr(0, line.find_first_of(" |")));
      return word.starts_with('-') ? "" : word;
    }
  }
  return "";
}

}  // namespace

Problems check_documents(const Tree& tree) {
  Problems problems;
  const auto commands = command_words(tree);
  for (const auto& [path, content] : tree) {
    if (!path.ends_with(".md")) {
      continue;
    }
    bool in_block = false;
    for (const Line& line : lines_of(content)) {
      if (line.text.starts_with("```")) {
        in_block = !in_block;
        continue;
      }
      if (!in_block) {
        check_links(tree, path, line, problems);
        continue;
      }
      const std::string command = command_in(line.text);
      if (!command.empty() && commands.find(command) == commands.end() && command != "COMMAND") {
        problems.push_back(
            place(path, line.number, fmt::format("there is no command '{}'", command)));
      }
    }
  }
  return problems;
}

}  // namespace medic::house
