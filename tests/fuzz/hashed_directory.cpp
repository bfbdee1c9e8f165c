// Names and links of a hashed directory: one file a line of the input, "name" or "name -> target";
// every second file holds the line itself.

#include "trust/hashed_directory.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = medic::as_text({data, size});
  std::vector<medic::trust::DirectoryFile> files;
  while (!text.empty() && files.size() < 256) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t arrow = line.find(" -> ");
    medic::trust::DirectoryFile file{.name = std::string(line.substr(0, arrow))};
    if (arrow != std::string_view::npos) {
      file.link = true;
      file.target = line.substr(arrow + 4);
      file.state = medic::trust::DirectoryFile::State::Dangling;
    } else if (files.size() % 2 == 0) {
      file.text = std::make_shared<const std::string>(line);
    }
    files.push_back(std::move(file));
  }
  const medic::trust::Store store = medic::trust::read_hashed_directory(files, "/etc/ssl/certs");
  MEDIC_CHECK(store.anchors.empty());  // no line is a certificate
  return 0;
}
