#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "tests/house/code.h"
#include "tests/house/rules.h"

namespace medic::house {
namespace {

void need(const Tree& tree, const std::string& entry, const std::string& path, Problems& problems) {
  if (tree.find(path) == tree.end()) {
    problems.push_back(place(entry, 1, fmt::format("needs {}", path)));
  }
}

// The value of `.id = "..."` (or another field) of the entry that a registry file defines.
std::string field(const Code& code, std::string_view source, std::string_view name) {
  const std::string start = fmt::format(".{} = \"", name);
  // Before the entry stand the records it points to: options have names too.
  const std::size_t entry = code.bare.find("extern constinit const");
  const std::size_t at = code.bare.find(start, entry == std::string::npos ? 0 : entry);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t begin = at + start.size();
  return std::string(source.substr(begin, source.find('"', begin) - begin));
}

// One file of a registry directory is one entry whose stem is its id and its symbol.
void check_entry(const std::string& path, const std::string& content, std::string_view kind,
                 std::string_view id_field, Problems& problems) {
  const Code code = split_code(content);
  const std::string symbol = fmt::format("{}_{}", kind, stem_of(path));
  if (!contains(code.bare, "extern constinit const") || !contains(code.bare, symbol)) {
    problems.push_back(place(path, 1, fmt::format("does not define '{}'", symbol)));
  }
  const std::string id = field(code, content, id_field);
  std::string expected = id_of(stem_of(path));
  if (id_of(id) != expected && id.find(' ') == std::string::npos) {
    problems.push_back(place(
        path, 1, fmt::format("its {} is '{}', its file is named '{}'", id_field, id, expected)));
  }
}

// A case of its own, or one of a finer cause that names it as its parent.
bool has_case(const Tree& tree, const std::string& id) {
  if (tree.find(fmt::format("tests/cases/{}.case", id)) != tree.end()) {
    return true;
  }
  const std::string parent = fmt::format("parent = \"{}\"", id);
  const std::vector<std::string> causes = paths_in(tree, "data/causes/", ".toml");
  return std::any_of(causes.begin(), causes.end(), [&](const std::string& path) {
    return contains(tree.at(path), parent) &&
           tree.find(fmt::format("tests/cases/{}.case", stem_of(path))) != tree.end();
  });
}

// "id = \"why\"" of tests/cases/without_case.toml: causes that the lab cannot bring about.
bool is_excused(const Tree& tree, const std::string& id) {
  const auto list = tree.find("tests/cases/without_case.toml");
  return list != tree.end() && contains("\n" + list->second, fmt::format("\n{} = \"", id));
}

void check_causes(const Tree& tree, Problems& problems) {
  for (const std::string& path : paths_in(tree, "src/diagnose/causes/", ".cpp")) {
    check_entry(path, tree.at(path), "cause", "id", problems);
    const std::string id = id_of(stem_of(path));
    need(tree, path, fmt::format("data/causes/{}.toml", id), problems);
    if (!has_case(tree, id) && !is_excused(tree, id)) {
      problems.push_back(place(path, 1, fmt::format("needs tests/cases/{}.case", id)));
    }
    if (has_case(tree, id) && is_excused(tree, id)) {
      problems.push_back(
          place(path, 1, "has a case: tests/cases/without_case.toml is out of date"));
    }
  }
  for (const std::string& path : paths_in(tree, "data/causes/", ".toml")) {
    const std::string id(stem_of(path));
    need(tree, path, fmt::format("docs/causes/{}.md", id), problems);
    need(tree, path, fmt::format("docs/ko/causes/{}.md", id), problems);
  }
}

void check_faults(const Tree& tree, Problems& problems) {
  for (const std::string& path : paths_in(tree, "src/lab/faults/", ".cpp")) {
    const std::string& content = tree.at(path);
    check_entry(path, content, "fault", "id", problems);
    const Code code = split_code(content);
    const std::string cause = field(code, content, "cause");
    if (cause != "healthy") {
      need(tree, path, fmt::format("data/causes/{}.toml", cause), problems);
    }
  }
}

void check_commands(const Tree& tree, Problems& problems) {
  for (const std::string& path : paths_in(tree, "src/cli/commands/", ".cpp")) {
    const std::string& content = tree.at(path);
    const Code code = split_code(content);
    if (!contains(code.bare, "extern constinit const Command")) {
      continue;  // a part of a command
    }
    check_entry(path, content, "command", "name", problems);
    if (contains(code.bare, ".hidden = true")) {
      continue;
    }
    std::string name = id_of(field(code, content, "name"));
    std::replace(name.begin(), name.end(), ' ', '-');
    need(tree, path, fmt::format("docs/commands/{}.md", name), problems);
    need(tree, path, fmt::format("docs/ko/commands/{}.md", name), problems);
  }
}

void check_experiments(const Tree& tree, Problems& problems) {
  for (const std::string& path : paths_in(tree, "src/diagnose/experiments/", ".cpp")) {
    const std::string symbol = fmt::format("experiment_{}", stem_of(path));
    if (!contains(split_code(tree.at(path)).bare, symbol)) {
      problems.push_back(place(path, 1, fmt::format("does not define '{}'", symbol)));
    }
  }
}

// Who prints an error text is what the inventory calls it, so that `diagnose --client` finds it.
void check_installed_kinds(const Tree& tree, Problems& problems) {
  const auto clients = tree.find("data/explain/clients.toml");
  if (clients == tree.end()) {
    return;
  }
  const std::vector<std::string> detectors = paths_in(tree, "src/clients/", ".cpp");
  for (const Line& line : lines_of(clients->second)) {
    constexpr std::string_view kKey = "installed = ";
    if (!line.text.starts_with(kKey)) {
      continue;
    }
    const std::string_view kind = line.text.substr(kKey.size());  // with its quotes, as in code
    if (std::none_of(detectors.begin(), detectors.end(),
                     [&](const std::string& path) { return contains(tree.at(path), kind); })) {
      problems.push_back(
          place(clients->first, line.number, fmt::format("no detector finds a {}", kind)));
    }
  }
}

}  // namespace

Problems check_registries(const Tree& tree) {
  Problems problems;
  check_causes(tree, problems);
  check_faults(tree, problems);
  check_commands(tree, problems);
  check_experiments(tree, problems);
  check_installed_kinds(tree, problems);
  return problems;
}

}  // namespace medic::house
