#pragma once

// A change taken back in a text that somebody changed elsewhere since.

#include <optional>
#include <string>
#include <string_view>

namespace medic::remedy {

// `theirs`, which was made from `after`, with the change from `before` to `after` taken back. None:
// the lines of that change are not there as they were, or stand there more than once.
std::optional<std::string> taken_back(std::string_view before, std::string_view after,
                                      std::string_view theirs);

}  // namespace medic::remedy
