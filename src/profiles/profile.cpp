#include "profiles/profile.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "profiles/packed_profiles.h"

namespace medic::profiles {
namespace {

// Levenshtein distance, for "did you mean".
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

std::string nearest(std::string_view selection) {
  std::string best;
  std::size_t least = selection.size() + 3;
  const auto consider = [&](const std::string& candidate) {
    const std::size_t d = distance(selection, candidate);
    if (d < least) {
      least = d;
      best = candidate;
    }
  };
  for (const Profile& profile : all_profiles()) {
    consider(profile.id);
    consider(profile.family);
  }
  return best;
}

}  // namespace

const std::vector<Profile>& all_profiles() {
  static const std::vector<Profile> profiles = [] {
    std::optional<std::vector<Profile>> unpacked =
        unpacked_profiles(packed_profile_files().front().bytes);
    MEDIC_CHECK(unpacked.has_value());
    return *std::move(unpacked);
  }();
  return profiles;
}

const Profile* find_profile(std::string_view id) {
  const std::vector<Profile>& profiles = all_profiles();
  const auto at = std::find_if(profiles.begin(), profiles.end(),
                               [&](const Profile& profile) { return profile.id == id; });
  return at == profiles.end() ? nullptr : &*at;
}

Result<std::vector<const Profile*>> select_profiles(std::string_view selection) {
  std::vector<const Profile*> selected;
  std::string_view rest = selection;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view item = rest.substr(0, comma);
    const std::size_t before = selected.size();
    for (const Profile& profile : all_profiles()) {
      const bool wanted = item == "all" || profile.id == item || profile.family == item;
      if (wanted && std::find(selected.begin(), selected.end(), &profile) == selected.end()) {
        selected.push_back(&profile);
      }
    }
    if (selected.size() == before && find_profile(item) == nullptr) {
      const std::string near = nearest(item);
      return fail(ErrorKind::Usage, fmt::format("no client profile is called '{}'", item),
                  near.empty() ? "" : fmt::format("the nearest name is '{}'", near),
                  "tlsmedic verify --list-profiles");
    }
    if (comma == std::string_view::npos) {
      return selected;
    }
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace medic::profiles
