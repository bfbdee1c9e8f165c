#pragma once

// JSON as text and back. The library's writer and reader are templates of some thousand lines: here
// they are compiled once, not in every file that prints an answer.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace medic {

inline constexpr int kOneLine = -1;

// `value` with `indent` spaces a level, or kOneLine. What is no UTF-8 (names and messages come from
// outside) becomes U+FFFD: printing never fails.
std::string json_text(const nlohmann::ordered_json& value, int indent = 2);

// ErrorKind::Data for what is no JSON and for what nests deeper than kMaxJsonDepth.
Result<nlohmann::ordered_json> parse_json(std::string_view text);

}  // namespace medic
