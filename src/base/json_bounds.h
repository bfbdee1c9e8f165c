#pragma once

// What must be known of JSON from outside before a library builds a tree of it: the library copies,
// prints and frees nested values by recursion, so depth is stack.

#include <cstddef>
#include <string_view>

namespace medic {

// Deeper than anything the project's formats hold, shallow enough for any thread's stack.
inline constexpr std::size_t kMaxJsonDepth = 64;

// Whether arrays and objects stand inside each other deeper than `limit`. Reads brackets outside
// strings and nothing else: text that is no JSON gets some answer too.
bool nests_deeper_than(std::string_view json, std::size_t limit);

}  // namespace medic
