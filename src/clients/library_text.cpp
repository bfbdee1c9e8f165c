#include "clients/library_text.h"

#include <algorithm>
#include <array>

namespace medic::clients {
namespace {

constexpr auto kDirectories = std::to_array<std::string_view>({
    "/usr/local/lib",
    "/lib/*-linux-*",
    "/usr/lib/*-linux-*",
    "/lib64",
    "/usr/lib64",
    "/lib",
    "/usr/lib",
});

bool ends_word(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '"';
}

}  // namespace

std::string program_text(const machine::Machine& machine, std::string_view path) {
  return machine.read_part(path, 0, kMaxProgramBytes).value_or(std::string());
}

std::optional<std::string> word_after(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view rest = text.substr(at + mark.size());
  return std::string(rest.begin(), std::ranges::find_if(rest, ends_word));
}

std::optional<std::string> version_after(std::string_view text, std::string_view mark) {
  for (std::size_t at = text.find(mark); at != std::string_view::npos;
       at = text.find(mark, at + 1)) {
    const std::string_view rest = text.substr(at + mark.size());
    if (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
      return std::string(rest.begin(), std::ranges::find_if(rest, ends_word));
    }
  }
  return std::nullopt;
}

std::optional<std::string> text_from(std::string_view text, std::string_view start,
                                     std::string_view end) {
  for (std::size_t at = text.find(start); at != std::string_view::npos;
       at = text.find(start, at + 1)) {
    // A start may begin with the NUL that ends the text before.
    const std::size_t stop = std::min(text.find('\0', at + start.size()), text.size());
    const std::string_view found = text.substr(at, stop - at);
    if (found.ends_with(end)) {
      return std::string(found);
    }
  }
  return std::nullopt;
}

std::optional<std::string> system_library(const machine::Machine& machine, std::string_view name) {
  for (const std::string_view directory : kDirectories) {
    const std::string pattern = std::string(directory) + "/" + std::string(name);
    if (directory.find('*') == std::string_view::npos) {
      if (machine.is_file(pattern)) {
        return pattern;
      }
      continue;
    }
    const std::vector<std::string> found = machine.glob(pattern);
    if (!found.empty()) {
      return found.front();
    }
  }
  return std::nullopt;
}

}  // namespace medic::clients
