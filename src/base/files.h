#pragma once

// Files, whole and bounded. Reading refuses more than the caller can use; writing replaces a file
// in one step, so that a crash leaves the old or the new bytes and never a mixture.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace medic {

// Room for any certificate bundle, CRL or saved case; a caller that expects less says so.
inline constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20U;

// Follows symbolic links; a directory, a socket or a device is an Error (reading one could block
// for ever). A named pipe is read to its end, for `<(command)` of a shell. More than `max_bytes` is
// an Error of kind Limit.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t max_bytes = kMaxFileBytes);
Result<std::string> read_text_file(const std::filesystem::path& path,
                                   std::size_t max_bytes = kMaxFileBytes);

// Access of a file that write_file creates; an existing file keeps its own owner and mode.
enum class FileAccess {
  Public,   // 0666 less the umask
  Private,  // 0600: keys
};

// Writes a temporary file beside `path` (O_EXCL, so nobody can prepare a link there), flushes it to
// the disk and renames it over `path`. A symbolic link is followed first: what it points to is
// replaced.
Result<void> write_file(const std::filesystem::path& path, std::string_view bytes,
                        FileAccess access = FileAccess::Public);

// A directory of ours under TMPDIR (or /tmp), mode 0700, removed with everything in it when this
// ends.
class TemporaryDirectory {
 public:
  static Result<TemporaryDirectory> make();
  // The same in a directory of the caller's choice, for what is renamed into place there.
  static Result<TemporaryDirectory> make_in(const std::filesystem::path& parent);
  TemporaryDirectory(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;  // empty: moved from
};

}  // namespace medic
