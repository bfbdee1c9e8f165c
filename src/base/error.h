#pragma once

// What we failed to do. What the *world* did (a refused handshake, an expired leaf) is data inside
// a successful Result, never an Error.

#include <expected>
#include <string>
#include <utility>

namespace medic {

enum class ErrorKind {
  Usage,  // the person asked for something that cannot be done as written (exit 2)
  Io,     // a file, socket or process of ours could not be used (exit 3)
  Data,   // bytes we must read do not have the form they must have (exit 3)
  Limit,  // a bound that protects us was reached (exit 3)
  Bug,    // our own mistake (exit 70)
};

// Text is for people: `what` is lower case without a full stop, says what is wrong and where;
// `matters` says why the user should care; `next_step` is the command or action to try next.
// The last two may be empty.
struct Error {
  ErrorKind kind = ErrorKind::Bug;
  std::string what;
  std::string matters;
  std::string next_step;

  // Adds where we were, going up: "reading profile 'curl': <what>".
  [[nodiscard]] Error within(const std::string& context) && {
    what = context + ": " + what;
    return std::move(*this);
  }
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string what, std::string matters = {},
                                   std::string next_step = {}) {
  return std::unexpected(Error{.kind = kind,
                               .what = std::move(what),
                               .matters = std::move(matters),
                               .next_step = std::move(next_step)});
}

}  // namespace medic

#define MEDIC_CONCAT_INNER(a, b) a##b
#define MEDIC_CONCAT(a, b) MEDIC_CONCAT_INNER(a, b)

// MEDIC_TRY(const int n, parse_int(text)); declares n, or returns the Error from the enclosing
// function.
#define MEDIC_TRY(declaration, ...)                                                \
  auto MEDIC_CONCAT(medic_try_, __LINE__) = (__VA_ARGS__);                         \
  if (!MEDIC_CONCAT(medic_try_, __LINE__)) {                                       \
    return std::unexpected(std::move(MEDIC_CONCAT(medic_try_, __LINE__)).error()); \
  }                                                                                \
  declaration = *std::move(MEDIC_CONCAT(medic_try_, __LINE__))
