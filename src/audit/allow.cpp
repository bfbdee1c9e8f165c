#include "audit/allow.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/finding.h"
#include "audit/source.h"
#include "base/time.h"

namespace medic::audit {
namespace {

constexpr std::string_view kMark = "tlsmedic:";

std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

bool stands_alone(std::string_view line) {
  const std::size_t start = line.find_first_not_of(" \t");
  return start != std::string_view::npos &&
         std::string_view("#/*-;<\"").find(line[start]) != std::string_view::npos;
}

// What stands behind the rule: "until DATE because ...", up to the end of the comment.
void read_terms(std::string_view rest, Allowance& allowance) {
  std::string_view word = next_word(rest);
  if (word == "until") {
    allowance.until = next_word(rest);
    word = next_word(rest);
  }
  if (word != "because") {
    return;
  }
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  for (const std::string_view end : {" ", "*/", " ", "-->", " "}) {
    if (rest.ends_with(end)) {
      rest.remove_suffix(end.size());
    }
  }
  allowance.because = rest;
}

}  // namespace

std::vector<Allowance> allowances_in(const Source& source, Time today) {
  std::vector<Allowance> all;
  for (std::size_t at = source.text.find(kMark); at != std::string_view::npos;
       at = source.text.find(kMark, at + 1)) {
    std::string_view rest = source.text.substr(at + kMark.size());
    rest = rest.substr(0, rest.find_first_of("\r\n"));
    if (next_word(rest) != "allow") {
      continue;
    }
    Allowance allowance{.file = std::string(source.path), .line = source.line(at)};
    allowance.rule = next_word(rest);
    read_terms(rest, allowance);
    const auto until = parse_time(allowance.until);
    allowance.incomplete = allowance.because.empty() || !until;
    // The day itself still counts.
    allowance.expired = until && *until + std::chrono::hours(24) <= today;
    all.push_back(std::move(allowance));
  }
  return all;
}

void apply_allowances(std::vector<Allowance>& allowances, const Source& source,
                      std::vector<Finding>& findings) {
  for (Allowance& allowance : allowances) {
    if (allowance.expired || allowance.incomplete) {
      continue;
    }
    const bool alone = stands_alone(source.line_text(allowance.line));
    const auto covered = [&](const Finding& finding) {
      const bool here = finding.line == allowance.line ||
                        (finding.line < allowance.line && allowance.line <= finding.end_line);
      return finding.rule == allowance.rule &&
             (here || (alone && finding.line == allowance.line + 1));
    };
    const auto removed = std::erase_if(findings, covered);
    allowance.used = removed > 0;
  }
}

}  // namespace medic::audit
