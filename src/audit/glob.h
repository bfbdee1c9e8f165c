#pragma once

// Names with '*', as rules and .gitignore write them.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace medic::audit {

// '*' stands for any text; linear in the text for each star.
bool fits(std::string_view pattern, std::string_view text);
bool fits_any(std::span<const std::string> patterns, std::string_view text);
// "requests.{get,post}" -> "requests.get", "requests.post".
std::vector<std::string> expanded(std::string_view pattern);
std::string lowered(std::string_view text);  // ASCII

// A .gitignore pattern against a path (gitignore(5)): '*' and '?' stop at '/', "**" does not,
// "[...]" is a class.
bool fits_path(std::string_view pattern, std::string_view path);

}  // namespace medic::audit
