#pragma once

// A read-only view of the system that is inspected: this machine, or another one whose files lie
// under a directory (a container image, a mounted Windows or macOS disk). Everything that looks at
// a system takes a `const Machine&` and nothing else, so that a fake tree is as good as a machine.
//
// Paths are those of the inspected system and always use '/': "/etc/ssl", "C:/Users/kim". Symbolic
// links are followed inside the root and never lead out of it. What could not be read is data
// (Trouble): a damaged system is what we are here to describe.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "base/time.h"

namespace medic::machine {

enum class Family { Linux, MacOs, Windows };
std::string_view family_id(Family family);  // "linux", "macos", "windows"

// Why something of the system could not be seen.
enum class Trouble {
  Absent,
  Unreadable,  // permissions, an I/O error
  TooBig,      // more than the caller's bound
  Loop,        // symbolic links that lead nowhere
  WrongKind,   // a directory where a file is asked for, or the reverse; a socket, a device
};
std::string_view trouble_id(Trouble trouble);  // "absent", "unreadable", "too-big", ...

template <class T>
using Seen = std::expected<T, Trouble>;

enum class Kind { File, Directory, Other };

// What a path leads to, after every link.
struct Status {
  Kind kind = Kind::File;
  std::uint64_t bytes = 0;
  bool executable = false;  // somebody may run it; on Windows trees: by its extension
  std::uint32_t mode = 0;   // permission bits, 0777
  Time modified{};
};

struct Entry {
  std::string name;
  Kind kind = Kind::File;  // of what the name is, not of what a link leads to
  bool link = false;
};

// A person of the system.
struct User {
  std::string name;  // empty: not known
  std::string home;
};

struct MachineOptions {
  std::filesystem::path root;      // empty or "/": this machine
  Environment environment;         // of the process whose clients are asked about
  std::optional<Family> family{};  // none: by the layout of the tree
};

// Configuration files are smaller; readers of bundles and binaries say what they need.
inline constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20U;
inline constexpr std::size_t kMaxDirectoryEntries = std::size_t{1} << 16U;

// Facts by key; any thread may ask.
class Memory {
 public:
  [[nodiscard]] std::shared_ptr<const void> find(const std::string& key) const {
    const std::scoped_lock lock(mutex_);
    const auto known = facts_.find(key);
    return known == facts_.end() ? nullptr : known->second;
  }
  void keep(const std::string& key, std::shared_ptr<const void> fact) {
    const std::scoped_lock lock(mutex_);
    facts_.insert_or_assign(key, std::move(fact));
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const void>, std::less<>> facts_;
};

class Machine {
 public:
  // An Error when the root is no directory that can be read.
  static Result<Machine> open(MachineOptions options);

  [[nodiscard]] Family family() const { return family_; }
  // The machine that runs us: programs found on it can be run.
  [[nodiscard]] bool live() const { return live_; }
  // As given to open(); empty for this machine.
  [[nodiscard]] const std::string& root() const { return root_; }

  [[nodiscard]] const Environment& environment() const { return environment_; }
  // None: not set. Set and empty is a value here: some clients tell them apart. Names are compared
  // as the system does (Windows ignores case).
  [[nodiscard]] std::optional<std::string> variable(std::string_view name) const;
  // The same machine with another environment.
  [[nodiscard]] Machine with_environment(Environment environment) const;
  // The same machine in which these files too, named as they are asked for, read as given.
  [[nodiscard]] Machine with_texts(std::map<std::string, std::string, std::less<>> texts) const;

  // Whose settings count, the user of the environment first. On this machine: that user alone.
  [[nodiscard]] const std::vector<User>& users() const { return users_; }
  // The directories of PATH, each once; what the system would use when the environment has none.
  [[nodiscard]] std::vector<std::string> path_directories() const;

  [[nodiscard]] Seen<std::string> read(std::string_view path,
                                       std::size_t max_bytes = kMaxConfigBytes) const;
  // At most `max_bytes` from `offset`; a shorter answer is the end of the file.
  [[nodiscard]] Seen<std::string> read_part(std::string_view path, std::uint64_t offset,
                                            std::size_t max_bytes) const;
  // Sorted by name, without "." and "..".
  [[nodiscard]] Seen<std::vector<Entry>> list(std::string_view path) const;
  [[nodiscard]] Seen<Status> status(std::string_view path) const;
  // The path without links and dots, in the system's own spelling: the identity of a file.
  [[nodiscard]] Seen<std::string> resolve(std::string_view path) const;
  // Where a symbolic link points, as written; none when it is no link.
  [[nodiscard]] std::optional<std::string> link_target(std::string_view path) const;

  [[nodiscard]] bool is_file(std::string_view path) const;
  [[nodiscard]] bool is_directory(std::string_view path) const;
  [[nodiscard]] bool exists(std::string_view path) const;

  // Existing paths for a pattern whose components may hold '*' ("/usr/lib/jvm/*/lib/security"),
  // sorted; hidden names only when the component starts with '.'. Bounded.
  [[nodiscard]] std::vector<std::string> glob(std::string_view pattern) const;

  // Executable files of this name on PATH, in order, each file once (by resolve()). On Windows also
  // NAME.exe, .cmd and .bat.
  [[nodiscard]] std::vector<std::string> programs(std::string_view name) const;
  // The first of them: what a shell would start.
  [[nodiscard]] std::optional<std::string> program(std::string_view name) const;

  // "~/x" (of the first user), "$VAR", "${VAR}" and, on Windows, "%VAR%" replaced; an unknown
  // variable stays as it is written. On Windows separators become '/'.
  [[nodiscard]] std::string expanded(std::string_view path) const;
  // `path` if it is absolute, else below `directory`; separators become '/'.
  [[nodiscard]] std::string joined(std::string_view directory, std::string_view path) const;
  [[nodiscard]] bool absolute(std::string_view path) const;
  // As a person of this system writes it: back slashes on Windows.
  [[nodiscard]] std::string display(std::string_view path) const;

  // Where the file lies for this process, links resolved: for libraries that open files themselves.
  [[nodiscard]] Seen<std::filesystem::path> host_path(std::string_view path) const;

  // What `make()` gave to the first who asked under this key, kept as long as the machine and its
  // copies are: for what costs a scan of a large file that many clients have in common. The key
  // says what it is and of which file; one key has one type.
  template <class T, class Make>
  std::shared_ptr<const T> remembered(const std::string& key, Make make) const {
    if (std::shared_ptr<const void> known = memory_->find(key)) {
      return std::static_pointer_cast<const T>(std::move(known));
    }
    auto made = std::make_shared<const T>(make());
    memory_->keep(key, made);
    return made;
  }

 private:
  Machine() = default;

  // Both: the path in the system and where it is for us, after every link.
  struct Location {
    std::string path;
    std::string host;
  };
  [[nodiscard]] Seen<Location> locate(std::string_view path) const;
  [[nodiscard]] Seen<Location> locate_in_root(std::string_view path) const;
  [[nodiscard]] std::string host_start(std::string_view drive) const;
  [[nodiscard]] std::optional<std::string> spelled(const std::string& directory,
                                                   std::string_view name) const;

  Family family_ = Family::Linux;
  bool live_ = true;
  std::string root_;
  Environment environment_;
  std::vector<User> users_;
  std::map<std::string, std::string, std::less<>> texts_;        // in place of the files
  std::shared_ptr<Memory> memory_ = std::make_shared<Memory>();  // shared by the copies
};

// The last component of a path: "python3.11" of "/usr/bin/python3.11".
std::string_view base_name(std::string_view path);
// Everything before it, without the '/': "/usr/bin"; "/" for "/x"; empty when there is none.
std::string_view parent(std::string_view path);

}  // namespace medic::machine
