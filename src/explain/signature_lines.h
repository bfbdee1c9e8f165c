#pragma once

// Real texts of a symptom, for its page.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace medic::explain {

// The first [[match]] line of each signature of the symptom, at most `most`: one of each library or
// client in turn, so that a short list still shows the words of many.
std::vector<std::string> lines_of_symptom(std::string_view symptom, std::size_t most);

}  // namespace medic::explain
