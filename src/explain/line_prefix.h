#pragma once

// What loggers, terminals, mail and review tools put before each line of somebody else's text.

#include <cstddef>
#include <string_view>

namespace medic::explain {

// Bytes of quoting marks, time stamps and container names at the beginning of `line` (which may go
// on behind its end): "> ", "| ", "2024-05-01T10:00:00Z ", "web_1  | ", "Jan  5 10:00:00 ".
std::size_t prefix_length(std::string_view line);

}  // namespace medic::explain
