#include "remedy/tree.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace medic::remedy {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{32} << 20U;  // the largest store there is
constexpr std::size_t kMaxAttributeBytes = std::size_t{64} << 10U;
constexpr std::int64_t kNanoseconds = 1'000'000'000;

std::unexpected<Error> io_failure(std::string_view action, std::string_view path, int error) {
  return fail(ErrorKind::Io, fmt::format("cannot {} '{}': {}", action, escaped(path),
                                         std::generic_category().message(error)));
}

std::unexpected<Error> refused(std::string_view path, std::string_view reason) {
  return fail(ErrorKind::Usage, fmt::format("'{}' is not touched: {}", escaped(path), reason),
              "somebody could lead the change elsewhere, or it would change more than it says");
}

// "/a//b/./c" -> {"a", "b", "c"}; none: it is not absolute or leads upwards.
std::optional<std::vector<std::string>> components(std::string_view path) {
  if (!path.starts_with('/')) {
    return std::nullopt;
  }
  std::vector<std::string> parts;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size());
    if (part == "..") {
      return std::nullopt;
    }
    if (!part.empty() && part != ".") {
      parts.emplace_back(part);
    }
  }
  return parts.empty() ? std::nullopt : std::optional(std::move(parts));
}

std::string staged_name(std::string_view name, std::string_view label) {
  return fmt::format(".{}.tlsmedic-{}", name.substr(0, 100), label);
}

// Whether somebody else could put another thing in the place of `entry`: a directory that everybody
// may write is safe only with the sticky bit, and then only for what we or root own.
bool anybody_may_swap(const struct stat& directory, const struct stat* entry) {
  if ((directory.st_mode & S_IWOTH) == 0) {
    return false;
  }
  return (directory.st_mode & S_ISVTX) == 0 ||
         (entry != nullptr && entry->st_uid != 0 && entry->st_uid != ::geteuid());
}

Result<std::map<std::string, std::string, std::less<>>> read_attributes(int file,
                                                                        std::string_view path) {
  std::map<std::string, std::string, std::less<>> attributes;
  std::string names(kMaxAttributeBytes, '\0');
  const ssize_t size = ::flistxattr(file, names.data(), names.size());
  if (size < 0) {
    return errno == ENOTSUP ? Result<decltype(attributes)>(attributes)
                            : io_failure("read the attributes of", path, errno);
  }
  names.resize(static_cast<std::size_t>(size));
  for (std::size_t at = 0; at < names.size();) {
    const std::string name = names.c_str() + at;
    at += name.size() + 1;
    std::string value(kMaxAttributeBytes, '\0');
    const ssize_t octets = ::fgetxattr(file, name.c_str(), value.data(), value.size());
    if (octets < 0) {
      return io_failure("read the attributes of", path, errno);
    }
    value.resize(static_cast<std::size_t>(octets));
    attributes.emplace(name, std::move(value));
  }
  return attributes;
}

Result<std::string> read_all(int file, std::string_view path) {
  std::string bytes;
  std::array<char, 1U << 16U> piece{};
  for (;;) {
    const ssize_t n = ::read(file, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return io_failure("read", path, errno);
    }
    if (n == 0) {
      return bytes;
    }
    bytes.append(piece.data(), static_cast<std::size_t>(n));
    if (bytes.size() > kMaxBytes) {
      return fail(ErrorKind::Limit,
                  fmt::format("'{}' is larger than {} bytes", escaped(path), kMaxBytes));
    }
  }
}

Result<State> look_at_file(int directory, const std::string& name, std::string_view path) {
  const Descriptor file(
      ::openat(directory, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.open()) {
    return io_failure("read", path, errno);
  }
  struct stat status = {};
  if (::fstat(file.number(), &status) != 0) {
    return io_failure("read", path, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return refused(path, "it is no file");
  }
  if (status.st_nlink > 1) {
    return refused(path, "it has more than one name (hard links)");
  }
  File state;
  state.mode = status.st_mode & 07777U;
  state.uid = status.st_uid;
  state.gid = status.st_gid;
  state.mtime_ns = status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec;
  MEDIC_TRY(state.attributes, read_attributes(file.number(), path));
  MEDIC_TRY(state.bytes, read_all(file.number(), path));
  return state;
}

Result<void> write_all(int file, std::string_view bytes, std::string_view path) {
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

// Owner first: changing it clears the set-user-id bits that the mode may carry.
Result<void> give_identity(int file, const File& state, std::string_view path) {
  if (::fchown(file, state.uid, state.gid) != 0 &&
      (state.uid != ::geteuid() || state.gid != ::getegid())) {
    return io_failure("keep the owner of", path, errno);
  }
  if (::fchmod(file, state.mode) != 0) {
    return io_failure("keep the mode of", path, errno);
  }
  for (const auto& [name, value] : state.attributes) {
    if (::fsetxattr(file, name.c_str(), value.data(), value.size(), 0) == 0) {
      continue;
    }
    const int error = errno;
    // A label that the system itself gives is the same on the new file, or it may not be set.
    std::string now(kMaxAttributeBytes, '\0');
    const ssize_t octets = ::fgetxattr(file, name.c_str(), now.data(), now.size());
    now.resize(octets < 0 ? 0 : static_cast<std::size_t>(octets));
    if (now != value) {
      return io_failure(fmt::format("keep the attribute {} of", escaped(name)), path, error);
    }
  }
  if (state.mtime_ns != 0) {
    const std::array<timespec, 2> times = {timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                                           timespec{.tv_sec = state.mtime_ns / kNanoseconds,
                                                    .tv_nsec = state.mtime_ns % kNanoseconds}};
    if (::futimens(file, times.data()) != 0) {
      return io_failure("keep the time of", path, errno);
    }
  }
  return {};
}

}  // namespace

Result<Tree> Tree::open(const std::filesystem::path& root, Checkpoint checkpoint) {
  const std::string path = root.empty() ? std::string("/") : root.string();
  Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open()) {
    return io_failure("open", path, errno);
  }
  return Tree(std::move(directory), std::move(checkpoint));
}

Result<std::optional<Tree::Place>> Tree::place(std::string_view path) const {
  const auto parts = components(path);
  if (!parts) {
    return refused(path, "it is no absolute path, or leads upwards");
  }
  constexpr std::string_view kOpen = "everybody may write a directory on the way to it";
  Place found{.directory = Descriptor(::fcntl(root_.number(), F_DUPFD_CLOEXEC, 0)),
              .name = parts->back()};
  struct stat above = {};
  if (!found.directory.open() || ::fstat(found.directory.number(), &above) != 0) {
    return io_failure("open", path, errno);
  }
  for (std::size_t i = 0; i + 1 < parts->size(); ++i) {
    Descriptor next(::openat(found.directory.number(), (*parts)[i].c_str(),
                             O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!next.open() && errno == ENOENT) {
      return std::nullopt;
    }
    if (!next.open() && (errno == ELOOP || errno == ENOTDIR)) {
      return refused(path, fmt::format("'{}' on the way to it is a link or no directory",
                                       escaped((*parts)[i])));
    }
    struct stat status = {};
    if (!next.open() || ::fstat(next.number(), &status) != 0) {
      return io_failure("reach", path, errno);
    }
    if (anybody_may_swap(above, &status)) {
      return refused(path, kOpen);
    }
    found.directory = std::move(next);
    above = status;
  }
  struct stat last = {};
  const bool there =
      ::fstatat(found.directory.number(), found.name.c_str(), &last, AT_SYMLINK_NOFOLLOW) == 0;
  if (anybody_may_swap(above, there ? &last : nullptr)) {
    return refused(path, kOpen);
  }
  return found;
}

Result<Tree::Place> Tree::existing(std::string_view path) const {
  MEDIC_TRY(std::optional<Place> found, place(path));
  if (!found) {
    return io_failure("reach", path, ENOENT);
  }
  return *std::move(found);
}

Result<State> Tree::look(std::string_view path) const {
  MEDIC_TRY(const std::optional<Place> found, place(path));
  if (!found) {
    return Absent{};
  }
  struct stat status = {};
  if (::fstatat(found->directory.number(), found->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) !=
      0) {
    return errno == ENOENT ? Result<State>(Absent{}) : io_failure("look at", path, errno);
  }
  if (S_ISDIR(status.st_mode)) {
    return Directory{.mode = status.st_mode & 07777U};
  }
  if (S_ISLNK(status.st_mode)) {
    std::string target(4096, '\0');
    const ssize_t n =
        ::readlinkat(found->directory.number(), found->name.c_str(), target.data(), target.size());
    if (n < 0) {
      return io_failure("read the link", path, errno);
    }
    target.resize(static_cast<std::size_t>(n));
    return Link{.target = std::move(target)};
  }
  if (!S_ISREG(status.st_mode)) {
    return refused(path, "it is neither a file nor a directory");
  }
  return look_at_file(found->directory.number(), found->name, path);
}

Result<void> Tree::stage(std::string_view path, const State& after, std::string_view label) const {
  const File* const file = std::get_if<File>(&after);
  const Link* const link = std::get_if<Link>(&after);
  if (file == nullptr && link == nullptr) {
    return {};
  }
  MEDIC_TRY(const Place found, existing(path));
  const std::string staged = staged_name(found.name, label);
  const int directory = found.directory.number();
  // Ours, of a run that was cut off: nobody else makes this name.
  static_cast<void>(::unlinkat(directory, staged.c_str(), 0));
  at("before staging");
  if (link != nullptr) {
    return ::symlinkat(link->target.c_str(), directory, staged.c_str()) == 0
               ? Result<void>()
               : io_failure("make the link", path, errno);
  }
  const Descriptor made(::openat(directory, staged.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!made.open()) {
    return io_failure("write beside", path, errno);
  }
  at("staging");
  auto done = write_all(made.number(), file->bytes, path);
  at("staged bytes");
  if (done) {
    done = give_identity(made.number(), *file, path);
  }
  if (done && ::fsync(made.number()) != 0) {
    done = io_failure("flush", path, errno);
  }
  if (!done) {
    static_cast<void>(::unlinkat(directory, staged.c_str(), 0));
  }
  at("staged");
  return done;
}

Result<void> Tree::commit(std::string_view path, const State& before, const State& after,
                          std::string_view label) const {
  MEDIC_TRY(const State now, look(path));
  if (now == after) {
    discard(path, label);
    return {};
  }
  if (now != before) {
    return fail(ErrorKind::Data,
                fmt::format("'{}' was changed by somebody else in the meantime", escaped(path)),
                "what they wrote would be lost");
  }
  MEDIC_TRY(const Place found, existing(path));
  const int directory = found.directory.number();
  const char* const name = found.name.c_str();
  const std::string staged = staged_name(found.name, label);
  at("before commit");
  int failed = 0;
  if (std::holds_alternative<Directory>(after)) {
    failed = ::mkdirat(directory, name, std::get<Directory>(after).mode);
  } else if (std::holds_alternative<Absent>(after)) {
    const bool was_directory = std::holds_alternative<Directory>(before);
    failed = ::unlinkat(directory, name, was_directory ? AT_REMOVEDIR : 0);
    if (failed != 0 && was_directory && (errno == ENOTEMPTY || errno == EEXIST)) {
      failed = 0;  // somebody else keeps something in it: it stays
    }
  } else if (std::holds_alternative<Absent>(before)) {
    // Whoever was quicker keeps what they made.
    failed = ::renameat2(directory, staged.c_str(), directory, name, RENAME_NOREPLACE);
  } else {
    failed = ::renameat(directory, staged.c_str(), directory, name);
  }
  if (failed != 0) {
    return io_failure("change", path, errno);
  }
  at("committed");
  // A file system that cannot flush a directory has nothing to flush.
  static_cast<void>(::fsync(directory));
  return {};
}

void Tree::discard(std::string_view path, std::string_view label) const {
  if (const auto found = existing(path)) {
    static_cast<void>(
        ::unlinkat(found->directory.number(), staged_name(found->name, label).c_str(), 0));
  }
}

}  // namespace medic::remedy
