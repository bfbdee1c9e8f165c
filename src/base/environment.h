#pragma once

// The environment as a value: read once at the edge of the program and passed in from there.

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace medic {

using Environment = std::map<std::string, std::string, std::less<>>;

// Every NAME=value of this process. Call it before threads start.
Environment process_environment();

// The value of `name`, or empty; empty and absent are the same thing, as POSIX programs treat them.
std::string_view variable(const Environment& environment, std::string_view name);

}  // namespace medic
