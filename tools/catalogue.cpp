// What the build and the maintainer ask of the catalogue:
//   catalogue_tool check      every problem of data/{causes,remedies,vocabulary,vendors}; exit 1 if
//   any catalogue_tool docs ROOT  writes ROOT/docs/causes/*.md and ROOT/docs/ko/causes/*.md
#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ios>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/cause.h"
#include "catalogue/check.h"
#include "catalogue/page.h"
#include "text/language.h"

namespace {

namespace catalogue = medic::catalogue;
using medic::text::Language;

int check() {
  const std::vector<std::string> problems =
      catalogue::catalogue_problems(catalogue::catalogue_files());
  for (const std::string& problem : problems) {
    fmt::print(stderr, "error: {}\n", problem);
  }
  return problems.empty() ? 0 : 1;
}

bool written(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) {
    fmt::print(stderr, "error: cannot write {}\n", path.string());
  }
  return static_cast<bool>(out);
}

int write_docs(const std::filesystem::path& root) {
  bool good = true;
  for (const Language language : std::array{Language::English, Language::Korean}) {
    const std::filesystem::path directory =
        root / (language == Language::Korean ? "docs/ko/causes" : "docs/causes");
    std::filesystem::create_directories(directory);
    good = written(directory / "README.md", catalogue::index_page(language)) && good;
    for (const catalogue::Cause& cause : catalogue::all_causes()) {
      good = written(directory / (cause.id + ".md"), catalogue::cause_page(cause.id, language)) &&
             good;
    }
  }
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  if (argc == 2 && std::string_view(arguments[1]) == "check") {
    return check();
  }
  if (argc == 3 && std::string_view(arguments[1]) == "docs") {
    return write_docs(arguments[2]);
  }
  fmt::print(stderr, "usage: catalogue_tool check | docs ROOT\n");
  return 2;
}
