#include "audit/walk.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "audit/ignore.h"
#include "audit/language.h"
#include "base/bytes.h"
#include "base/files.h"

namespace medic::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxDepth = 100;
constexpr std::size_t kMaxIgnoreBytes = std::size_t{1} << 20U;

constexpr std::array<std::string_view, 14> kLeftOut = {".git",
                                                       ".hg",
                                                       ".svn",
                                                       "node_modules",
                                                       "__pycache__",
                                                       ".tox",
                                                       ".nox",
                                                       ".mypy_cache",
                                                       ".ruff_cache",
                                                       ".pytest_cache",
                                                       ".terraform",
                                                       ".gradle",
                                                       "bower_components",
                                                       ".cache"};

struct IgnoreFile {
  std::string directory;  // relative, "" or "a/b/"
  std::vector<IgnorePattern> patterns;
};

class Walker {
 public:
  Walker(Ignored ignored, const std::atomic<bool>* stop) : ignored_(ignored), stop_(stop) {}

  Walk run(const fs::path& start) {
    above(start);
    directory(start, prefix_, 0);
    // Paths are relative to `start`; the ignore files above it see them from higher up.
    for (WalkedFile& file : walk_.files) {
      file.path.erase(0, prefix_.size());
    }
    std::ranges::sort(walk_.files, {}, &WalkedFile::path);
    return std::move(walk_);
  }

  void file(const fs::directory_entry& entry, const std::string& path) {
    std::error_code error;
    const auto bytes = entry.file_size(error);
    const Language* language = language_of_path(path);
    if (error || (language == nullptr && !may_be_script(entry))) {
      return;
    }
    if (bytes > kMaxFileToRead) {
      ++walk_.too_big;
      return;
    }
    if (walk_.files.size() >= kMaxFiles) {
      walk_.cut = true;
      return;
    }
    walk_.files.push_back(
        {.path = path, .real = entry.path(), .language = language, .bytes = bytes});
  }

  Walk take() { return std::move(walk_); }

 private:
  // The .gitignore files of the directories between the repository's top and `start`.
  void above(const fs::path& start) {
    if (ignored_ == Ignored::Included) {
      return;
    }
    std::error_code error;
    const fs::path full = fs::canonical(start, error);
    if (error) {
      return;
    }
    fs::path top = full;
    while (!fs::exists(top / ".git", error)) {
      if (top == top.parent_path()) {
        return;  // no repository: the files below `start` alone count
      }
      top = top.parent_path();
    }
    add_ignore_file(top / ".git" / "info" / "exclude", "");
    std::string relative;
    fs::path at = top;
    for (const fs::path& part : full.lexically_relative(top)) {
      if (part == ".") {
        break;
      }
      add_ignore_file(at / ".gitignore", relative);
      at /= part;
      relative += part.string() + "/";
    }
    prefix_ = relative;
  }

  void add_ignore_file(const fs::path& path, const std::string& directory) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) {
      return;
    }
    if (const auto text = read_text_file(path, kMaxIgnoreBytes)) {
      ignores_.push_back({.directory = directory, .patterns = parse_ignore(*text)});
    }
  }

  [[nodiscard]] bool ignored(std::string_view path, bool is_directory) const {
    for (std::size_t i = ignores_.size(); i > 0; --i) {
      const IgnoreFile& file = ignores_[i - 1];
      const IgnoreAnswer answer =
          ignore_answer(file.patterns, path.substr(file.directory.size()), is_directory);
      if (answer != IgnoreAnswer::None) {
        return answer == IgnoreAnswer::Ignore;
      }
    }
    return false;
  }

  static bool may_be_script(const fs::directory_entry& entry) {
    std::error_code error;
    const std::string name = entry.path().filename().string();
    return name.find('.') == std::string::npos &&
           (entry.status(error).permissions() & fs::perms::owner_exec) != fs::perms::none;
  }

  void unreadable(const std::string& path) {
    if (walk_.unreadable.size() < 100) {
      walk_.unreadable.push_back(path.empty() ? "." : path);
    }
  }

  void directory(const fs::path& real, const std::string& path, std::size_t depth) {
    std::error_code error;
    fs::directory_iterator at(real, error);
    if (error || depth > kMaxDepth) {
      unreadable(path);
      return;
    }
    ++walk_.directories;
    const std::size_t ignores = ignores_.size();
    if (ignored_ == Ignored::LeftOut) {
      add_ignore_file(real / ".gitignore", path);
    }
    for (const fs::directory_iterator end; at != end && !stopped(); at.increment(error)) {
      entry(*at, path, depth);
    }
    if (error) {
      unreadable(path);
    }
    ignores_.resize(ignores);
  }

  void entry(const fs::directory_entry& entry, const std::string& parent, std::size_t depth) {
    std::error_code error;
    // Links are not followed: what they lead to is read where it lies, or is not part of the tree.
    if (entry.is_symlink(error)) {
      return;
    }
    const std::string name = entry.path().filename().string();
    const std::string path = parent + name;
    if (entry.is_directory(error)) {
      if (name.ends_with(".dist-info")) {
        walk_.records.push_back(entry.path() / "RECORD");
      }
      const bool left_out = std::ranges::find(kLeftOut, name) != kLeftOut.end();
      if (ignored_ == Ignored::Included ? name != ".git" : !left_out && !ignored(path, true)) {
        directory(entry.path(), path + "/", depth + 1);
      }
    } else if (entry.is_regular_file(error) &&
               (ignored_ == Ignored::Included || !ignored(path, false))) {
      file(entry, path);
    }
  }

  [[nodiscard]] bool stopped() const { return stop_ != nullptr && stop_->load(); }

  Ignored ignored_;
  const std::atomic<bool>* stop_;
  Walk walk_;
  std::vector<IgnoreFile> ignores_;
  std::string prefix_;
};

}  // namespace

Result<Walk> walk(const fs::path& start, Ignored ignored, const std::atomic<bool>* stop) {
  std::error_code error;
  const fs::file_status status = fs::status(start, error);
  Walker walker(ignored, stop);
  if (fs::is_directory(status)) {
    return walker.run(start);
  }
  if (!fs::is_regular_file(status)) {
    return fail(ErrorKind::Usage,
                fmt::format("{} is no file and no directory", escaped(start.string())),
                "there is nothing to audit", "tlsmedic audit .");
  }
  walker.file(fs::directory_entry(start), start.generic_string());
  return walker.take();
}

}  // namespace medic::audit
