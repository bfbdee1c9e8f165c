#pragma once

// The files below a directory that an audit reads. .gitignore is obeyed, links are not followed,
// what version control and package managers keep for themselves is left out.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "audit/language.h"
#include "base/error.h"

namespace medic::audit {

struct WalkedFile {
  std::string path;  // relative to the directory that was asked for, with '/'
  std::filesystem::path real;
  const Language* language = nullptr;  // null: only its first line tells
  std::uint64_t bytes = 0;
};

struct Walk {
  std::vector<WalkedFile> files;               // sorted by path
  std::vector<std::filesystem::path> records;  // RECORD files of installed packages
  std::uint64_t directories = 0;
  std::uint64_t too_big = 0;
  std::vector<std::string> unreadable;  // directories, at most 100
  bool cut = false;                     // there were more files than we take
};

inline constexpr std::uint64_t kMaxFileToRead = std::uint64_t{4} << 20U;
inline constexpr std::size_t kMaxFiles = 2'000'000;

enum class Ignored { LeftOut, Included };

// `start` is a directory or a file. An Error when it does not exist.
Result<Walk> walk(const std::filesystem::path& start, Ignored ignored,
                  const std::atomic<bool>* stop = nullptr);

}  // namespace medic::audit
