#pragma once

// "Did you mean": the known words closest to a mistyped one.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace medic {

// Damerau-Levenshtein distance (optimal string alignment), on bytes; words are cut at 64 bytes,
// because nobody mistypes a longer one.
std::size_t edit_distance(std::string_view a, std::string_view b);

// At most `count` of `known`, closest first (ties in the order given). A word that shares a prefix
// of three letters or contains `word` counts as close; one that needs more than half its letters
// changed is left out.
std::vector<std::string> nearest(std::string_view word, std::span<const std::string_view> known,
                                 std::size_t count);

}  // namespace medic
