#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "tests/house/code.h"
#include "tests/house/rules.h"

namespace medic::house {
namespace {

constexpr std::array<std::string_view, 6> kRoots = {"src/",  "data/",  "tests/",
                                                    "docs/", "cmake/", "tools/"};

bool is_path_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || contains("/_-.", {&c, 1});
}

// The paths of the project that `text` names in full; those with <placeholders> or globs are
// patterns.
std::vector<std::string> named_paths(std::string_view text) {
  std::vector<std::string> paths;
  for (const std::string_view root : kRoots) {
    for (std::size_t at = text.find(root); at != std::string_view::npos;
         at = text.find(root, at + 1)) {
      if (at > 0 &&
          (is_path_character(text[at - 1]) || text[at - 1] == '}' || text[at - 1] == '>')) {
        continue;
      }
      std::size_t end = at;
      while (end < text.size() && is_path_character(text[end])) {
        ++end;
      }
      const bool pattern = end < text.size() && contains("<*{$[@", text.substr(end, 1));
      std::string path(text.substr(at, end - at));
      while (!path.empty() && (path.back() == '.' || path.back() == '/' || path.back() == '-')) {
        path.pop_back();
      }
      const std::size_t slash = path.rfind('/');
      if (!pattern && contains(path.substr(slash + 1), ".")) {
        paths.push_back(path);
      }
    }
  }
  return paths;
}

void check_text(const Tree& tree, const std::string& path, int line, std::string_view text,
                Problems& problems) {
  for (const std::string& named : named_paths(text)) {
    if (tree.find(named) == tree.end()) {
      problems.push_back(place(path, line, fmt::format("there is no {}", named)));
    }
  }
}

}  // namespace

Problems check_paths_in_comments(const Tree& tree) {
  Problems problems;
  for (const auto& [path, content] : tree) {
    if (is_code(path) && !path.starts_with("tests/house/")) {
      for (const Comment& comment : split_code(content).comments) {
        check_text(tree, path, comment.line, comment.text, problems);
      }
    } else if (path.ends_with(".md") && path != "CHANGELOG.md") {
      for (const Line& line : lines_of(content)) {
        check_text(tree, path, line.number, line.text, problems);
      }
    }
  }
  return problems;
}

}  // namespace medic::house
