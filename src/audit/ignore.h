#pragma once

// .gitignore files (gitignore(5)) along the way to a path.

#include <string>
#include <string_view>
#include <vector>

namespace medic::audit {

struct IgnorePattern {
  std::string glob;
  bool negated = false;
  bool directories_only = false;
  bool anchored = false;  // to the directory of its file; else any part of the path
};

// Of one file, in its order.
std::vector<IgnorePattern> parse_ignore(std::string_view text);

// `path` is relative to the directory of the file. Nothing: no pattern says anything.
enum class IgnoreAnswer { None, Ignore, Keep };
IgnoreAnswer ignore_answer(const std::vector<IgnorePattern>& patterns, std::string_view path,
                           bool directory);

}  // namespace medic::audit
