#pragma once

// What is at a path, completely enough to put it back.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"

namespace medic::remedy {

struct Absent {
  bool operator==(const Absent&) const = default;
};

struct File {
  std::string bytes;
  std::uint32_t mode = 0644;  // permission bits, 07777
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  // Of the last change, nanoseconds since 1970; 0: the moment of writing. No part of equality: a
  // file that was touched is the same file.
  std::int64_t mtime_ns = 0;
  // Extended attributes, which carry access lists and security labels.
  std::map<std::string, std::string, std::less<>> attributes;

  bool operator==(const File& other) const {
    return bytes == other.bytes && mode == other.mode && uid == other.uid && gid == other.gid;
  }
};

struct Link {
  std::string target;  // as written
  bool operator==(const Link&) const = default;
};

struct Directory {
  std::uint32_t mode = 0755;
  bool operator==(const Directory&) const { return true; }  // what matters is that it is one
};

using State = std::variant<Absent, File, Link, Directory>;

}  // namespace medic::remedy
