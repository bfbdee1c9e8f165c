#pragma once

// Tokens of a language as its data describe it: what is code, what is a string, what is a comment.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "audit/language.h"

namespace medic::audit {

enum class TokenKind : std::uint8_t { Word, Number, String, Mark, LineEnd };

struct Token {
  TokenKind kind = TokenKind::Mark;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string_view text;  // of strings: what stands between the quotes, escapes as written
};

// Comments and blanks are left out. At most 4 GiB of text.
std::vector<Token> tokens_of(std::string_view text, const Language& language);

}  // namespace medic::audit
