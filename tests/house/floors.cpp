#include <fmt/core.h>

#include <map>
#include <set>
#include <sstream>

#include "tests/house/rules.h"

namespace medic::house {
namespace {

struct Module {
  int floor = 0;
  std::set<std::string, std::less<>> depends;
};
using Modules = std::map<std::string, Module, std::less<>>;

// Reads "medic_module(name FLOOR 1 DEPENDS a b LINK ...)".
Module parsed_module(std::string_view declaration) {
  Module module;
  std::istringstream words{std::string(declaration)};
  std::string word;
  bool in_depends = false;
  while (words >> word) {
    if (word == "FLOOR") {
      words >> module.floor;
    } else if (word == "DEPENDS" || word == "LINK") {
      in_depends = word == "DEPENDS";
    } else if (in_depends) {
      module.depends.insert(word);
    }
  }
  return module;
}

Modules declared_modules(const Tree& tree) {
  constexpr std::string_view kCall = "medic_module(";
  Modules modules;
  for (const std::string& path : paths_in(tree, "src/", "/CMakeLists.txt")) {
    const std::string& text = tree.at(path);
    const std::size_t start = text.find(kCall);
    if (start == std::string::npos) {
      continue;
    }
    const std::size_t end = text.find(')', start);
    const std::string inside = text.substr(start + kCall.size(), end - start - kCall.size());
    const std::string name = inside.substr(0, inside.find_first_of(" \n"));
    modules.emplace(name, parsed_module(inside));
  }
  return modules;
}

// "probe/tcp.h" of `#include "probe/tcp.h"`, or empty.
std::string_view quoted_include(std::string_view line) {
  constexpr std::string_view kStart = "#include \"";
  if (!line.starts_with(kStart)) {
    return {};
  }
  line.remove_prefix(kStart.size());
  return line.substr(0, line.find('"'));
}

void check_include(const Modules& modules, std::string_view module, std::string_view included,
                   const std::string& where, Problems& problems) {
  const std::string other(included.substr(0, included.find('/')));
  if (other == module) {
    return;
  }
  const Module& mine = modules.find(module)->second;
  const auto theirs = modules.find(other);
  if (theirs == modules.end()) {
    problems.push_back(fmt::format("{}: '{}' is no module", where, other));
  } else if (mine.depends.find(other) == mine.depends.end()) {
    problems.push_back(
        fmt::format("{}: '{}' includes '{}' but does not declare it", where, module, other));
  } else if (theirs->second.floor >= mine.floor) {
    problems.push_back(fmt::format("{}: floor {} may not include '{}' of floor {}", where,
                                   mine.floor, other, theirs->second.floor));
  }
}

}  // namespace

Problems check_floors(const Tree& tree) {
  const Modules modules = declared_modules(tree);
  Problems problems;
  for (const auto& [path, content] : tree) {
    if (!path.starts_with("src/") || !is_code(path)) {
      continue;
    }
    const std::string module = path.substr(4, path.find('/', 4) - 4);
    if (modules.find(module) == modules.end()) {
      problems.push_back(place(path, 1, "stands in no declared module"));
      continue;
    }
    for (const Line& line : lines_of(content)) {
      const std::string_view included = quoted_include(line.text);
      if (!included.empty()) {
        check_include(modules, module, included, fmt::format("{}:{}", path, line.number), problems);
      }
    }
  }
  return problems;
}

}  // namespace medic::house
