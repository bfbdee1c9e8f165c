#include "cli/markdown.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/terminal.h"

namespace medic::cli {
namespace {

constexpr std::size_t kPageWidth = 100;
constexpr std::size_t kCodeIndent = 4;

// Without backticks, ** and the addresses of links.
std::string plain(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("**")) {
      ++i;
    } else if (rest.starts_with("](")) {
      const std::size_t end = rest.find(')');
      i += end == std::string_view::npos ? 1 : end;
    } else if (rest.front() == '[' && rest.find("](") != std::string_view::npos) {
      continue;
    } else if (rest.front() != '`') {
      out += rest.front();
    }
  }
  return out;
}

std::string rendered(std::string_view line, std::size_t width, Color color) {
  if (line.starts_with('#')) {
    const std::size_t text = std::min(line.find_first_not_of("# "), line.size());
    return painted(plain(line.substr(text)), Paint::Bold, color);
  }
  const std::size_t blanks = std::min(line.find_first_not_of(' '), line.size());
  if (line.substr(blanks).starts_with("- ") || line.starts_with("> ")) {
    const std::string lead = line.starts_with("> ") ? "  " : std::string(blanks, ' ') + "- ";
    return lead + wrapped(plain(line.substr(blanks + 2)), width, lead.size());
  }
  return wrapped(plain(line), width, 0);
}

}  // namespace

std::string terminal_page(std::string_view markdown, const Io& io) {
  const std::size_t width = std::min(static_cast<std::size_t>(std::max(io.width, 40)), kPageWidth);
  const Color color = io.color ? Color::On : Color::Off;
  std::string out;
  bool in_code = false;
  while (!markdown.empty()) {
    const std::size_t newline = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = markdown.substr(0, newline);
    markdown.remove_prefix(std::min(newline + 1, markdown.size()));
    if (line.starts_with("```")) {
      in_code = !in_code;
    } else if (in_code) {
      out += line.empty() ? "\n" : fmt::format("{}{}\n", std::string(kCodeIndent, ' '), line);
    } else {
      out += rendered(line, width, color) + "\n";
    }
  }
  return out;
}

}  // namespace medic::cli
