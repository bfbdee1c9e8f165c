#include "base/files.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/descriptor.h"

namespace medic {
namespace {

constexpr std::size_t kReadStep = std::size_t{64} << 10U;

std::string reason(int error) {
  return std::generic_category().message(error);
}

std::unexpected<Error> io_failure(std::string_view action, const std::filesystem::path& path,
                                  int error) {
  return fail(ErrorKind::Io,
              fmt::format("cannot {} '{}': {}", action, escaped(path.string()), reason(error)));
}

Result<Descriptor> opened_for_reading(const std::filesystem::path& path) {
  // O_NONBLOCK: opening a named pipe without a writer must not wait before we have looked at it.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.open()) {
    return io_failure("read", path, errno);
  }
  struct stat status = {};
  if (::fstat(file.number(), &status) != 0) {
    return io_failure("read", path, errno);
  }
  if (S_ISDIR(status.st_mode)) {
    return io_failure("read", path, EISDIR);
  }
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) {
    return fail(ErrorKind::Io,
                fmt::format("cannot read '{}': neither a file nor a pipe", escaped(path.string())));
  }
  if (S_ISFIFO(status.st_mode) && ::fcntl(file.number(), F_SETFL, 0) != 0) {
    return io_failure("read", path, errno);
  }
  return file;
}

Result<void> written(int file, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return io_failure("write", path, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

// The directory entry is on the disk only after the directory was flushed too. A file system that
// cannot flush a directory (EINVAL) has nothing to flush.
void flush_directory(const std::filesystem::path& directory) {
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.open()) {
    static_cast<void>(::fsync(opened.number()));
  }
}

std::filesystem::path temporary_name(const std::filesystem::path& target) {
  static std::atomic<unsigned> counter{0};
  std::filesystem::path name = target;
  name.replace_filename(
      fmt::format(".{}.{}-{}.tmp", target.filename().string(), ::getpid(), counter.fetch_add(1)));
  return name;
}

// Owner first: changing it clears the set-user-id bits that the mode may carry.
Result<void> copied_ownership(int file, const struct stat& old, const std::filesystem::path& path) {
  if (::fchown(file, old.st_uid, old.st_gid) != 0 &&
      (old.st_uid != ::geteuid() || old.st_gid != ::getegid())) {
    return io_failure("keep the owner of", path, errno);
  }
  if (::fchmod(file, old.st_mode & 07777U) != 0) {
    return io_failure("keep the mode of", path, errno);
  }
  return {};
}

Result<void> filled(const Descriptor& file, const std::filesystem::path& target,
                    std::string_view bytes) {
  struct stat old = {};
  if (::stat(target.c_str(), &old) == 0) {
    if (!S_ISREG(old.st_mode)) {
      return fail(ErrorKind::Io,
                  fmt::format("cannot replace '{}': not a file", escaped(target.string())));
    }
    if (auto kept = copied_ownership(file.number(), old, target); !kept) {
      return kept;
    }
  }
  if (auto done = written(file.number(), bytes, target); !done) {
    return done;
  }
  if (::fsync(file.number()) != 0) {
    return io_failure("flush", target, errno);
  }
  return {};
}

// How much to ask for first: what a regular file holds and one more, so that one read finds its end
// and nothing is copied while it grows. Other files (/proc, pipes) do not say.
std::size_t first_step(const Descriptor& file, std::size_t max_bytes) {
  struct stat status = {};
  const bool known = ::fstat(file.number(), &status) == 0 && status.st_size > 0;
  const auto size = known ? static_cast<std::size_t>(status.st_size) : kReadStep;
  return std::min(size, max_bytes) + 1;
}

template <class Buffer>
Result<Buffer> read_whole(const std::filesystem::path& path, std::size_t max_bytes) {
  MEDIC_TRY(const Descriptor file, opened_for_reading(path));
  Buffer buffer;
  std::size_t used = 0;
  std::size_t step = first_step(file, max_bytes);
  for (;;) {
    buffer.resize(std::min(used + step, max_bytes + 1));
    const ssize_t n = ::read(file.number(), &buffer[used], buffer.size() - used);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return io_failure("read", path, errno);
    }
    used += static_cast<std::size_t>(n);
    if (used > max_bytes) {
      return fail(ErrorKind::Limit, fmt::format("'{}' is larger than the {} bytes that can be read",
                                                escaped(path.string()), max_bytes));
    }
    if (n == 0) {
      buffer.resize(used);
      return buffer;
    }
    step = used < buffer.size() ? buffer.size() - used : kReadStep;
  }
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  return read_whole<Bytes>(path, max_bytes);
}

Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t max_bytes) {
  return read_whole<std::string>(path, max_bytes);
}

Result<void> write_file(const std::filesystem::path& path, std::string_view bytes,
                        FileAccess access) {
  std::error_code absent;
  std::filesystem::path target = std::filesystem::canonical(path, absent);
  if (absent) {
    target = path;
  }
  const std::filesystem::path temporary = temporary_name(target);
  const mode_t mode = access == FileAccess::Private ? 0600 : 0666;
  Descriptor file(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file.open()) {
    return io_failure("write", path, errno);
  }
  auto done = filled(file, target, bytes);
  file.close();
  if (done && ::rename(temporary.c_str(), target.c_str()) != 0) {
    done = io_failure("replace", path, errno);
  }
  if (!done) {
    static_cast<void>(::unlink(temporary.c_str()));
    return done;
  }
  flush_directory(target.has_parent_path() ? target.parent_path() : std::filesystem::path("."));
  return {};
}

Result<TemporaryDirectory> TemporaryDirectory::make() {
  // Read once at the edge, before any thread could change the environment.
  const char* parent = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): see above
  return make_in(parent != nullptr && *parent != '\0' ? parent : "/tmp");
}

Result<TemporaryDirectory> TemporaryDirectory::make_in(const std::filesystem::path& parent) {
  std::string name = fmt::format("{}/tlsmedic-XXXXXX", parent.string());
  if (::mkdtemp(name.data()) == nullptr) {
    return io_failure("make a directory like", name, errno);
  }
  return TemporaryDirectory(std::filesystem::path(name));
}

TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryDirectory& TemporaryDirectory::operator=(TemporaryDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TemporaryDirectory::~TemporaryDirectory() {
  if (!path_.empty()) {
    std::error_code ignored;  // nothing useful can be done about a leftover in /tmp
    std::filesystem::remove_all(path_, ignored);
  }
}

}  // namespace medic
