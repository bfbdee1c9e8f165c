#pragma once

// What is wrong with a command line, before it has become a sentence in the reader's language.

#include <expected>
#include <string>
#include <string_view>

#include "base/error.h"
#include "text/messages.h"

namespace medic::cli {

struct UsageProblem {
  std::string_view key;  // "cli.unknown_option"
  text::Facts facts;
  std::string nearest;  // what the person probably meant; empty: nothing is close
  std::string example;  // a command that works
};

template <class T>
using Parsed = std::expected<T, UsageProblem>;

// The sentence, with the suggestion and the example as its next step.
Error usage_error(const UsageProblem& problem, text::Language language);

}  // namespace medic::cli
