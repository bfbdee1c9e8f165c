#pragma once

// A directory as OpenSSL looks certificates up in it: by files or links named
// "<hash of the subject>.<n>". Judged from a listing that the caller made, so that a tree under
// another root is read as well as this machine.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "trust/store.h"

namespace medic::trust {

struct DirectoryFile {
  enum class State { Read, Dangling, Unreadable, Other };

  std::string name;
  bool link = false;
  std::string target;  // of a link, as written
  std::string real;    // identity of what it leads to; files of one identity are read once
  State state = State::Read;
  std::shared_ptr<const std::string> text;  // shared by the links to one file; null unless Read
};

// X509_NAME_hash(3) of a name's canonical form: the first four octets of its SHA-1, lowest first.
std::uint32_t name_hash(const Bytes& canonical);

struct HashName {
  std::uint32_t hash = 0;
  std::uint32_t number = 0;
  bool crl = false;  // "<hash>.r<n>"
};
std::optional<HashName> parse_hash_name(std::string_view name);

// `anchors` are what OpenSSL can find there; `untrusted` what lies there out of its reach, though
// GnuTLS, Go and .NET, which read every file, do use it.
Store read_hashed_directory(std::span<const DirectoryFile> files, const std::string& path);

}  // namespace medic::trust
