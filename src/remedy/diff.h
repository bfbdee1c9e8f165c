#pragma once

// Two texts as a person compares them: a unified diff with three lines around each change.

#include <string>
#include <string_view>

namespace medic::remedy {

// Foreign bytes are escaped line by line. A long run of changed lines is cut, and says so.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view label);

}  // namespace medic::remedy
