#pragma once

// A file of the audited tree and what is known of it before it is read closely.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "audit/finding.h"
#include "audit/rule.h"

namespace medic::audit {

class Source {
 public:
  Source(std::string_view file, std::string_view content);

  std::string_view path;  // relative, with '/'
  std::string_view text;

  [[nodiscard]] int line(std::size_t offset) const;
  [[nodiscard]] int column(std::size_t offset) const;
  [[nodiscard]] std::size_t line_start(int line) const;  // clamped
  [[nodiscard]] std::string_view line_text(int line) const;
  [[nodiscard]] int lines() const { return static_cast<int>(starts_.size()); }

  // A finding at [begin, end) with everything that the text tells.
  [[nodiscard]] Finding finding(const Rule& rule, std::size_t begin, std::size_t end) const;
  // Sets the edits and what they make of the lines.
  void apply(Finding& finding, std::vector<Edit> edits) const;

 private:
  std::vector<std::size_t> starts_;
};

// Tests, examples of tests and their data: what is weak there is meant to be, and is rated lower.
bool is_test_path(std::string_view path);

}  // namespace medic::audit
