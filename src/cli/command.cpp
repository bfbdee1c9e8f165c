#include "cli/command.h"

namespace medic::cli {
namespace {

using Words = std::map<std::string, std::vector<std::string>, std::less<>>;

std::vector<std::string> words_of(const Words& words, std::string_view name) {
  const auto at = words.find(name);
  return at != words.end() ? at->second : std::vector<std::string>();
}

}  // namespace

bool Args::flag(std::string_view name) const {
  return has(name);
}

bool Args::has(std::string_view name) const {
  return options.find(name) != options.end();
}

std::string Args::value(std::string_view name, std::string_view fallback) const {
  const auto at = options.find(name);
  return at != options.end() && !at->second.empty() ? at->second.back() : std::string(fallback);
}

std::vector<std::string> Args::values(std::string_view name) const {
  return words_of(options, name);
}

std::string Args::positional(std::string_view name) const {
  const auto at = operands.find(name);
  return at != operands.end() && !at->second.empty() ? at->second.front() : std::string();
}

std::vector<std::string> Args::positionals(std::string_view name) const {
  return words_of(operands, name);
}

}  // namespace medic::cli
