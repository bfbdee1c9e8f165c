#pragma once

// A place where verification is weakened. Facts only; sentences are made by report/.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace medic::audit {

enum class Severity : std::uint8_t { Low, Medium, High };
std::string_view severity_id(Severity severity);  // "low", "medium", "high"
std::optional<Severity> parse_severity(std::string_view id);

// Offsets of bytes into the file as it was read.
struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

struct Finding {
  std::string rule;
  Severity severity = Severity::High;
  std::string file;  // relative to where the audit began, with '/'
  int line = 0;      // from 1
  int column = 0;    // of bytes, from 1
  int end_line = 0;
  int end_column = 0;
  std::string excerpt;  // the line, at most 200 bytes
  // Where the bad value comes from when that is another line ("flag = False").
  int origin_line = 0;
  std::string detail;  // the bad value or option as written
  bool in_tests = false;
  std::vector<Edit> edits;  // the right replacement; empty: a person must decide
  std::string before;       // the lines that the edits change, and what they become
  std::string after;
  std::size_t begin = 0;
  std::size_t end = 0;
  // Stays the same when lines above change: of the rule, the file, the line's words and, where
  // those repeat, their number.
  std::string fingerprint;
};

// An exception that a comment of the source makes (allow.h).
struct Allowance {
  std::string file;
  int line = 0;
  std::string rule;
  std::string until;    // ISO date; empty: none was given
  std::string because;  // empty: none was given
  bool expired = false;
  bool incomplete = false;  // no date or no reason: it does not count
  bool used = false;
};

}  // namespace medic::audit
