#include "machine/machine.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <deque>
#include <memory>
#include <set>

#include "base/bytes.h"
#include "base/descriptor.h"
#include "machine/layout.h"
#include "machine/path_text.h"

namespace medic::machine {
namespace {

// As Linux counts them (path_resolution(7)).
constexpr int kMaxLinks = 40;
constexpr std::size_t kReadStep = std::size_t{64} << 10U;

Trouble trouble_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
      return Trouble::Absent;
    case ELOOP:
      return Trouble::Loop;
    default:
      return Trouble::Unreadable;
  }
}

std::optional<std::string> link_text(const std::string& host) {
  std::array<char, PATH_MAX> buffer{};
  const ssize_t n = ::readlink(host.c_str(), buffer.data(), buffer.size());
  if (n < 0) {
    return std::nullopt;
  }
  return std::string(buffer.data(), static_cast<std::size_t>(n));
}

std::string real_path(const std::string& host) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(host.c_str(), nullptr),
                                                         &std::free);
  return real == nullptr ? std::string() : std::string(real.get());
}

Kind kind_of(mode_t mode) {
  return S_ISREG(mode) ? Kind::File : S_ISDIR(mode) ? Kind::Directory : Kind::Other;
}

bool runs_on_windows(std::string_view name) {
  for (const std::string_view ending : {".exe", ".cmd", ".bat", ".com"}) {
    if (name.size() > ending.size() &&
        same_ignoring_case(name.substr(name.size() - ending.size()), ending)) {
      return true;
    }
  }
  return false;
}

Seen<Descriptor> opened(const std::string& host) {
  // O_NONBLOCK: opening a named pipe without a writer must not wait before we have looked at it.
  Descriptor file(::open(host.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.open()) {
    return std::unexpected(trouble_of(errno));
  }
  struct stat status = {};
  if (::fstat(file.number(), &status) != 0) {
    return std::unexpected(Trouble::Unreadable);
  }
  if (!S_ISREG(status.st_mode)) {
    return std::unexpected(Trouble::WrongKind);
  }
  return file;
}

// As many octets as the file has are asked for at once, and one more to see its end; a file that
// says nothing of its size (in /proc) is read in steps.
Seen<std::string> read_from(const Descriptor& file, std::uint64_t offset, std::size_t max_bytes) {
  struct stat status = {};
  const bool known = ::fstat(file.number(), &status) == 0 && status.st_size > 0 &&
                     static_cast<std::uint64_t>(status.st_size) > offset;
  const std::uint64_t rest = known ? static_cast<std::uint64_t>(status.st_size) - offset : 0;
  std::string text;
  std::size_t filled = 0;
  while (filled < max_bytes) {
    const std::uint64_t step = filled < rest ? rest - filled + 1 : kReadStep;
    const std::size_t ask =
        static_cast<std::size_t>(std::min<std::uint64_t>(max_bytes - filled, step));
    ssize_t n = -1;
    text.resize_and_overwrite(filled + ask, [&](char* data, std::size_t) {
      n = ::pread(file.number(), data + filled, ask, static_cast<off_t>(offset + filled));
      return filled + static_cast<std::size_t>(std::max<ssize_t>(n, 0));
    });
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return std::unexpected(Trouble::Unreadable);
    }
    filled = text.size();
    if (n == 0) {
      break;
    }
  }
  return text;
}

// A path of the inspected system, followed part by part: no link leads out of the root.
struct Walk {
  bool windows = false;
  std::string drive;  // Windows only
  std::string start;  // the directory of ours where the drive, or the system, begins
  std::vector<std::string> done;
  std::deque<std::string> todo;

  [[nodiscard]] std::string host() const { return done.empty() ? start : start + inside(); }
  [[nodiscard]] std::string inside() const {
    std::string path = done.empty() ? "/" : "";
    for (const std::string& part : done) {
      path += "/" + part;
    }
    return path;
  }
  // As a path of this system is written: "C:/Users", "/etc".
  [[nodiscard]] std::string path() const {
    const std::string own = drive.empty() ? "C" : drive;
    return windows ? own + ":" + inside() : inside();
  }
  [[nodiscard]] std::string spelling(const std::string& link) const {
    return windows ? with_slashes(link) : link;
  }
  // An absolute link begins again, on its own drive where it names one.
  void restart(std::string_view link) {
    done.clear();
    if (windows && !drive_of(link).empty()) {
      drive = drive_of(link);
    }
  }
  std::string next() {
    std::string name = std::move(todo.front());
    todo.pop_front();
    return name;
  }
  void leave() {
    if (!done.empty()) {
      done.pop_back();
    }
  }
  void before_the_rest(std::string_view path) {
    const bool names_drive = windows && !drive_of(path).empty();
    const std::vector<std::string> parts = components(names_drive ? path.substr(2) : path);
    todo.insert(todo.begin(), parts.begin(), parts.end());
  }
};

}  // namespace

std::string_view family_id(Family family) {
  switch (family) {
    case Family::Linux:
      return "linux";
    case Family::MacOs:
      return "macos";
    case Family::Windows:
      return "windows";
  }
  return "linux";
}

std::string_view trouble_id(Trouble trouble) {
  switch (trouble) {
    case Trouble::Absent:
      return "absent";
    case Trouble::Unreadable:
      return "unreadable";
    case Trouble::TooBig:
      return "too-big";
    case Trouble::Loop:
      return "loop";
    case Trouble::WrongKind:
      return "wrong-kind";
  }
  return "unreadable";
}

Result<Machine> Machine::open(MachineOptions options) {
  Machine machine;
  const std::string given = options.root.string();
  machine.live_ = given.empty() || real_path(given) == "/";
  if (!machine.live_) {
    machine.root_ = real_path(given);
    struct stat status = {};
    if (machine.root_.empty() || ::stat(machine.root_.c_str(), &status) != 0 ||
        !S_ISDIR(status.st_mode)) {
      return fail(ErrorKind::Io, fmt::format("--root '{}' is no directory", escaped(given)), {},
                  "give the directory that stands for '/' of the other system");
    }
  }
  machine.environment_ = std::move(options.environment);
  machine.family_ = options.family.value_or(family_of_layout(machine.root_));
  machine.users_ = users_of(machine);
  return machine;
}

Machine Machine::with_environment(Environment environment) const {
  Machine other = *this;
  other.environment_ = std::move(environment);
  return other;
}

Machine Machine::with_texts(std::map<std::string, std::string, std::less<>> texts) const {
  Machine other = *this;
  for (auto& [path, text] : texts) {
    other.texts_.insert_or_assign(path, std::move(text));
  }
  return other;
}

std::optional<std::string> Machine::variable(std::string_view name) const {
  const auto at = environment_.find(name);
  if (at != environment_.end()) {
    return at->second;
  }
  if (family_ == Family::Windows) {
    for (const auto& [other, value] : environment_) {
      if (same_ignoring_case(name, other)) {
        return value;
      }
    }
  }
  return std::nullopt;
}

// The directory of our own file system where a drive of the inspected one begins. A mounted disk is
// its own drive C; a tree that keeps several has them as directories "C", "D".
std::string Machine::host_start(std::string_view drive) const {
  if (drive.empty()) {
    return root_;
  }
  for (const std::string& name : {std::string(drive) + ":", std::string(drive)}) {
    if (const auto found = spelled(root_, name)) {
      return root_ + "/" + *found;
    }
  }
  return same_ignoring_case(drive, "C") ? root_ : std::string();
}

// The name of an entry as it is on the disk.
std::optional<std::string> Machine::spelled(const std::string& directory,
                                            std::string_view name) const {
  struct stat status = {};
  const std::string exact = directory + "/" + std::string(name);
  if (::lstat(exact.c_str(), &status) == 0) {
    return std::string(name);
  }
  if (family_ != Family::Windows) {
    return std::nullopt;
  }
  std::error_code error;
  std::filesystem::directory_iterator at(directory, error);
  for (std::size_t n = 0;
       !error && at != std::filesystem::directory_iterator() && n < kMaxDirectoryEntries;
       at.increment(error), ++n) {
    std::string entry = at->path().filename().string();
    if (same_ignoring_case(entry, name)) {
      return entry;
    }
  }
  return std::nullopt;
}

Seen<Machine::Location> Machine::locate(std::string_view path) const {
  if (path.find('\0') != std::string_view::npos || path.empty()) {
    return std::unexpected(Trouble::Absent);
  }
  if (live_) {
    return Location{.path = std::string(path), .host = std::string(path)};
  }
  return locate_in_root(family_ == Family::Windows ? with_slashes(path) : std::string(path));
}

Seen<Machine::Location> Machine::locate_in_root(std::string_view path) const {
  const bool windows = family_ == Family::Windows;
  Walk walk{.windows = windows,
            .drive = std::string(windows ? drive_of(path) : std::string_view())};
  walk.start = host_start(walk.drive);
  if (walk.start.empty()) {
    return std::unexpected(Trouble::Absent);
  }
  walk.before_the_rest(path);
  int links = 0;
  while (!walk.todo.empty()) {
    const std::string name = walk.next();
    if (name == "..") {
      walk.leave();
      continue;
    }
    const auto found = spelled(walk.host(), name);
    if (!found) {
      return std::unexpected(Trouble::Absent);
    }
    walk.done.push_back(*found);
    const auto target = link_text(walk.host());
    if (!target) {
      continue;
    }
    if (++links > kMaxLinks) {
      return std::unexpected(Trouble::Loop);
    }
    const std::string to = walk.spelling(*target);
    walk.leave();
    if (absolute(to)) {
      walk.restart(to);
      walk.start = host_start(walk.drive);
    }
    if (walk.start.empty()) {
      return std::unexpected(Trouble::Absent);
    }
    walk.before_the_rest(to);
  }
  return Location{.path = walk.path(), .host = walk.host()};
}

Seen<std::string> Machine::read(std::string_view path, std::size_t max_bytes) const {
  if (const auto text = texts_.find(path); text != texts_.end()) {
    return text->second;
  }
  const auto at = locate(path);
  if (!at) {
    return std::unexpected(at.error());
  }
  const auto file = opened(at->host);
  if (!file) {
    return std::unexpected(file.error());
  }
  auto text = read_from(*file, 0, max_bytes + 1);
  if (text && text->size() > max_bytes) {
    return std::unexpected(Trouble::TooBig);
  }
  return text;
}

Seen<std::string> Machine::read_part(std::string_view path, std::uint64_t offset,
                                     std::size_t max_bytes) const {
  const auto at = locate(path);
  if (!at) {
    return std::unexpected(at.error());
  }
  const auto file = opened(at->host);
  if (!file) {
    return std::unexpected(file.error());
  }
  return read_from(*file, offset, max_bytes);
}

Seen<std::vector<Entry>> Machine::list(std::string_view path) const {
  const auto at = locate(path);
  if (!at) {
    return std::unexpected(at.error());
  }
  std::error_code error;
  std::filesystem::directory_iterator entry(at->host, error);
  if (error) {
    return std::unexpected(error.value() == ENOTDIR ? Trouble::WrongKind
                                                    : trouble_of(error.value()));
  }
  std::vector<Entry> entries;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entries.size() == kMaxDirectoryEntries) {
      return std::unexpected(Trouble::TooBig);
    }
    // Asked so, the kind comes from the directory itself and costs no further call.
    std::error_code ignored;
    const bool link = entry->is_symlink(ignored);
    entries.push_back({.name = entry->path().filename().string(),
                       .kind = link                              ? Kind::Other
                               : entry->is_directory(ignored)    ? Kind::Directory
                               : entry->is_regular_file(ignored) ? Kind::File
                                                                 : Kind::Other,
                       .link = link});
  }
  if (error) {
    return std::unexpected(Trouble::Unreadable);
  }
  std::ranges::sort(entries, {}, &Entry::name);
  return entries;
}

Seen<Status> Machine::status(std::string_view path) const {
  const auto at = locate(path);
  if (!at) {
    return std::unexpected(at.error());
  }
  struct stat status = {};
  if (::stat(at->host.c_str(), &status) != 0) {
    return std::unexpected(trouble_of(errno));
  }
  return Status{.kind = kind_of(status.st_mode),
                .bytes = static_cast<std::uint64_t>(status.st_size),
                .executable = family_ == Family::Windows ? runs_on_windows(at->path)
                                                         : (status.st_mode & 0111U) != 0,
                .mode = status.st_mode & 0777U,
                .modified = Time(std::chrono::seconds(status.st_mtime))};
}

Seen<std::string> Machine::resolve(std::string_view path) const {
  const auto at = locate(path);
  if (!at) {
    return std::unexpected(at.error());
  }
  if (!live_) {
    return at->path;
  }
  std::string real = real_path(at->host);
  if (real.empty()) {
    return std::unexpected(trouble_of(errno));
  }
  return real;
}

Seen<std::filesystem::path> Machine::host_path(std::string_view path) const {
  const auto at = locate(path);
  if (!at) {
    return std::unexpected(at.error());
  }
  return std::filesystem::path(at->host);
}

std::optional<std::string> Machine::link_target(std::string_view path) const {
  const std::string whole = family_ == Family::Windows ? with_slashes(path) : std::string(path);
  const auto directory = locate(parent(whole).empty() ? "/" : parent(whole));
  if (!directory) {
    return std::nullopt;
  }
  const auto name = spelled(directory->host, base_name(whole));
  return name ? link_text(directory->host + "/" + *name) : std::nullopt;
}

bool Machine::is_file(std::string_view path) const {
  const auto seen = status(path);
  return seen && seen->kind == Kind::File;
}

bool Machine::is_directory(std::string_view path) const {
  const auto seen = status(path);
  return seen && seen->kind == Kind::Directory;
}

bool Machine::exists(std::string_view path) const {
  return status(path).has_value();
}

}  // namespace medic::machine
