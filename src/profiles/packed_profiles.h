#pragma once

// Every profile, resolved and packed at build time (tools/pack_profiles.cpp): reading the TOML
// files costs 17 million instructions in each run, reading this a hundredth of it.
//
//   "MEDICPROFILES1\n", u32 count, count x profile. Numbers are big-endian, texts have their length
//   in front; the order of the members is that of packed_profiles.cpp.

#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/embedded.h"
#include "profiles/profile.h"

namespace medic::profiles {

Bytes packed_profiles(const std::vector<Profile>& profiles);
// None when the bytes were not made by packed_profiles().
std::optional<std::vector<Profile>> unpacked_profiles(ByteView bytes);

// The one file that the build packed.
std::span<const EmbeddedFile> packed_profile_files();

}  // namespace medic::profiles
