#pragma once

// A file that other programs of this user can open by a path and that lies on no disk: gone when
// this process ends, however it ends. Read-only for everybody, sealed.

#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/error.h"

namespace medic {

class MemoryFile {
 public:
  // An Error where the system has no such files or does not show them by path.
  static Result<MemoryFile> make(std::string_view bytes);

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  MemoryFile(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  Descriptor file_;
  std::string path_;  // "/proc/<our id>/fd/<number>"
};

}  // namespace medic
