#include "tests/cases/case_file.h"

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "base/toml.h"

namespace medic::cases {
namespace {

Scene scene(const TomlTable& table) {
  Scene s;
  s.site = table.string("site");
  s.proof = table.optional_strings("proof");
  s.also = table.optional_strings("also");
  s.clock_days = static_cast<int>(table.optional_integer("clock_days").value_or(0));
  s.system_store = table.optional_string("system_store").value_or("");
  s.mozilla_store = table.optional_string("mozilla_store").value_or("");
  s.client_store = table.optional_string("client_store").value_or("");
  s.other_client_store = table.optional_string("other_client_store").value_or("");
  s.client_trouble = table.optional_string("client_trouble").value_or("");
  s.client_place = table.optional_string("client_place").value_or("");
  s.client_problem = table.optional_string("client_problem").value_or("");
  s.client_edition = table.optional_string("client_edition").value_or("");
  s.because = table.optional_string("because").value_or("");
  return s;
}

}  // namespace

Result<std::vector<CaseFile>> read_case_files(const std::string& directory) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".case") {
      paths.push_back(entry.path());
    }
  }
  std::ranges::sort(paths);
  std::vector<CaseFile> files;
  std::string problems;
  for (const std::filesystem::path& path : paths) {
    MEDIC_TRY(const std::string text, read_text_file(path));
    MEDIC_TRY(const std::shared_ptr<const TomlTable> table,
              parse_toml(text, path.filename().string()));
    CaseFile file{.cause = path.stem().string(), .party = table->string("party")};
    for (const TomlTable* entry : table->tables("fires")) {
      file.fires.push_back(scene(*entry));
    }
    for (const TomlTable* entry : table->tables("near_miss")) {
      file.near_misses.push_back(scene(*entry));
      if (file.near_misses.back().because.empty()) {
        entry->report("because", "missing: say why this site is a near miss");
      }
    }
    for (const std::string& problem : table->problems()) {
      problems += problem + "\n";
    }
    files.push_back(std::move(file));
  }
  if (!problems.empty()) {
    return fail(ErrorKind::Data, problems);
  }
  return files;
}

}  // namespace medic::cases
