#include "tests/house/tree.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/files.h"

namespace medic::house {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kSkipped = {"build", ".git", ".cache"};
// Recorded inputs, byte for byte: no rule of ours applies to them.
constexpr std::array<std::string_view, 8> kBinary = {".der", ".crt", ".pem", ".p12",
                                                     ".p7b", ".png", ".bin", ".seed"};

bool is_text(const fs::path& path) {
  const std::string extension = path.extension().string();
  return std::find(kBinary.begin(), kBinary.end(), extension) == kBinary.end() &&
         !contains(path.generic_string(), "/seeds/") &&
         !contains(path.generic_string(), "/data/anchors/");
}

}  // namespace

Tree read_tree(const fs::path& root) {
  Tree tree;
  for (fs::recursive_directory_iterator at(root), end; at != end; ++at) {
    const std::string name = at->path().filename().string();
    if (at->is_directory() && std::find(kSkipped.begin(), kSkipped.end(), name) != kSkipped.end()) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file() && name != ".git" && is_text(at->path())) {
      auto content = read_text_file(at->path(), std::size_t{4} << 20U);
      if (content) {
        tree.emplace(fs::relative(at->path(), root).generic_string(), *std::move(content));
      }
    }
  }
  return tree;
}

std::vector<Line> lines_of(std::string_view content) {
  std::vector<Line> lines;
  int number = 1;
  while (!content.empty()) {
    const std::size_t newline = std::min(content.find('\n'), content.size());
    lines.push_back({.number = number++, .text = content.substr(0, newline)});
    content.remove_prefix(std::min(newline + 1, content.size()));
  }
  return lines;
}

std::vector<std::string> paths_in(const Tree& tree, std::string_view directory,
                                  std::string_view ending) {
  std::vector<std::string> paths;
  for (const auto& [path, content] : tree) {
    if (path.starts_with(directory) && path.ends_with(ending)) {
      paths.push_back(path);
    }
  }
  return paths;
}

bool is_code(std::string_view path) {
  return path.ends_with(".cpp") || path.ends_with(".h");
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string_view stem_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return name.substr(0, name.find('.'));
}

std::string id_of(std::string_view stem) {
  std::string id(stem);
  std::replace(id.begin(), id.end(), '_', '-');
  return id;
}

std::string place(std::string_view path, int line, std::string_view problem) {
  return fmt::format("{}:{}: {}", path, line, problem);
}

}  // namespace medic::house
