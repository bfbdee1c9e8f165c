#include "base/nearest.h"

#include <algorithm>
#include <array>
#include <utility>

namespace medic {
namespace {

constexpr std::size_t kMaxLetters = 64;

// Smaller is closer; a candidate that merely contains the word ranks behind a near miss-spelling.
std::size_t rank(std::string_view word, std::string_view candidate) {
  const std::size_t distance = edit_distance(word, candidate);
  const std::size_t longest = std::max(word.size(), candidate.size());
  if (distance * 2 <= longest) {
    return distance;
  }
  const bool same_start = word.size() >= 3 && candidate.substr(0, 3) == word.substr(0, 3);
  const bool contains = word.size() >= 3 && candidate.find(word) != std::string_view::npos;
  return same_start || contains ? kMaxLetters + distance : std::string_view::npos;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, kMaxLetters);
  b = b.substr(0, kMaxLetters);
  using Row = std::array<std::size_t, kMaxLetters + 1>;
  Row before_last{};
  Row last{};
  Row current{};
  for (std::size_t j = 0; j <= b.size(); ++j) {
    last[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = a[i - 1] == b[j - 1] ? 0 : 1;
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
    before_last = last;
    last = current;
  }
  return last[b.size()];
}

std::vector<std::string> nearest(std::string_view word, std::span<const std::string_view> known,
                                 std::size_t count) {
  std::vector<std::pair<std::size_t, std::string_view>> ranked;
  for (const std::string_view candidate : known) {
    const std::size_t distance = rank(word, candidate);
    if (distance != std::string_view::npos) {
      ranked.emplace_back(distance, candidate);
    }
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<std::string> words;
  for (std::size_t i = 0; i < std::min(count, ranked.size()); ++i) {
    words.emplace_back(ranked[i].second);
  }
  return words;
}

}  // namespace medic
