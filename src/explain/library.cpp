#include "explain/library.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/embedded.h"
#include "base/toml.h"
#include "explain/data.h"
#include "explain/signature.h"

namespace medic::explain {
namespace {

std::vector<Library> embedded_libraries() {
  const EmbeddedFile* file = data_file("data/explain/libraries.toml");
  MEDIC_CHECK(file != nullptr);
  Problems problems;
  std::vector<Library> libraries = parse_libraries(*file, problems);
  MEDIC_CHECK(problems.empty());  // the build checked the file
  return libraries;
}

}  // namespace

std::vector<Library> parse_libraries(const EmbeddedFile& file, Problems& problems) {
  const auto root = parse_toml(as_text(file.bytes), file.path);
  if (!root) {
    problems.push_back(root.error().what);
    return {};
  }
  std::vector<Library> libraries;
  for (const std::string& id : (*root)->keys()) {
    libraries.push_back({.id = id, .name = (*root)->string(id)});
  }
  const std::vector<std::string> found = (*root)->problems();
  problems.insert(problems.end(), found.begin(), found.end());
  return libraries;
}

std::string library_name(std::string_view id) {
  static const std::vector<Library> libraries = embedded_libraries();
  const auto at = std::find_if(libraries.begin(), libraries.end(),
                               [&](const Library& library) { return library.id == id; });
  return at == libraries.end() ? std::string(id) : at->name;
}

}  // namespace medic::explain
