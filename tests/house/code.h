#pragma once

// C++ source split into what the compiler sees, what stands in string literals, and what stands in
// comments, so that a rule about one is not misled by the others.

#include <string>
#include <string_view>
#include <vector>

namespace medic::house {

struct Literal {
  int line = 0;
  std::string text;  // between the quotes, escapes as written
};

struct Comment {
  int line = 0;
  std::string text;
};

struct Code {
  std::string
      bare;  // the source with comments and the insides of literals blanked; same line breaks
  std::vector<Literal> literals;
  std::vector<Comment> comments;
};

Code split_code(std::string_view source);

}  // namespace medic::house
