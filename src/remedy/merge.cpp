#include "remedy/merge.h"

#include <algorithm>
#include <span>
#include <vector>

namespace medic::remedy {
namespace {

using Lines = std::vector<std::string_view>;

// With their ends, so that nothing is lost when they are joined.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::size_t size = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// Where `part` stands in `lines`; none: nowhere, or more than once.
std::optional<std::size_t> only_place(const Lines& lines, std::span<const std::string_view> part) {
  std::optional<std::size_t> place;
  for (std::size_t at = 0; at + part.size() <= lines.size(); ++at) {
    if (std::ranges::equal(part, std::span(lines).subspan(at, part.size()))) {
      if (place) {
        return std::nullopt;
      }
      place = at;
    }
  }
  return place;
}

}  // namespace

std::optional<std::string> taken_back(std::string_view before, std::string_view after,
                                      std::string_view theirs) {
  const Lines old_lines = lines_of(before);
  const Lines our_lines = lines_of(after);
  const Lines their_lines = lines_of(theirs);
  const auto [a, b] = std::ranges::mismatch(old_lines, our_lines);
  const auto head = static_cast<std::size_t>(a - old_lines.begin());
  std::size_t tail = 0;
  while (tail < old_lines.size() - head && tail < our_lines.size() - head &&
         old_lines[old_lines.size() - 1 - tail] == our_lines[our_lines.size() - 1 - tail]) {
    ++tail;
  }
  // The lines of the change with one on each side: without a neighbour nobody could tell where
  // lines that were taken out belong.
  const std::size_t above = std::min<std::size_t>(head, 1);
  const std::size_t below = std::min<std::size_t>(tail, 1);
  const std::size_t changed = our_lines.size() - head - tail;
  const auto part = std::span(our_lines).subspan(head - above, above + changed + below);
  const auto place = part.empty() ? std::nullopt : only_place(their_lines, part);
  if (!place) {
    return std::nullopt;
  }
  std::string merged;
  const auto add = [&](std::span<const std::string_view> lines) {
    for (const std::string_view line : lines) {
      merged += line;
    }
  };
  add(std::span(their_lines).first(*place + above));
  add(std::span(old_lines).subspan(head, old_lines.size() - head - tail));
  add(std::span(their_lines).subspan(*place + above + changed));
  return merged;
}

}  // namespace medic::remedy
