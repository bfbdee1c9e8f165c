#include "explain/data.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "base/embedded.h"

namespace medic::explain {

const EmbeddedFile* data_file(std::string_view path) {
  const auto files = data_files();
  const auto at = std::find_if(files.begin(), files.end(),
                               [&](const EmbeddedFile& file) { return file.path == path; });
  return at == files.end() ? nullptr : &*at;
}

std::span<const EmbeddedFile> signature_files() {
  const auto files = data_files();
  const auto in = [](const EmbeddedFile& file) {
    return file.path.starts_with("data/signatures/");
  };
  const auto begin = std::find_if(files.begin(), files.end(), in);
  const auto end = std::find_if_not(begin, files.end(), in);
  return files.subspan(static_cast<std::size_t>(begin - files.begin()),
                       static_cast<std::size_t>(end - begin));
}

}  // namespace medic::explain
