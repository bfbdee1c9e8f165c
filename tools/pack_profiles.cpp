// pack_profiles OUTPUT FILE...: reads the client profiles of data/profiles and packs them for
// src/profiles (see profiles/packed_profiles.h). Runs at build time only; a file that is wrong
// stops the build with its place.

#include <fmt/core.h>

#include <cstdio>
#include <list>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "profiles/packed_profiles.h"

namespace {

medic::Result<void> pack(std::span<char* const> arguments) {
  std::list<medic::Bytes> contents;
  std::vector<medic::EmbeddedFile> files;
  for (const char* path : arguments.subspan(1)) {
    MEDIC_TRY(contents.emplace_back(), medic::read_file(path));
    files.push_back({.path = path, .bytes = contents.back()});
  }
  MEDIC_TRY(const std::vector<medic::profiles::Profile> profiles,
            medic::profiles::parse_profiles(files));
  const medic::Bytes packed = medic::profiles::packed_profiles(profiles);
  return medic::write_file(arguments.front(), medic::as_text(packed));
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char* const> arguments(argv + 1, static_cast<std::size_t>(argc - 1));
  if (arguments.size() < 2) {
    fmt::print(stderr, "usage: pack_profiles OUTPUT FILE...\n");
    return 2;
  }
  if (const auto packed = pack(arguments); !packed) {
    fmt::print(stderr, "{}\n", packed.error().what);
    return 1;
  }
  return 0;
}
