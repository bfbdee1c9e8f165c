#pragma once

// TOML as the catalogue reads it: a tree of plain values that remembers which keys were read, so
// that a key nobody reads is reported with its place instead of being ignored. The toml++ headers
// stay in toml.cpp.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace medic {

class TomlTable;

// One value: table, array, string, integer, boolean or date (kept as its ISO text).
class TomlValue {
 public:
  enum class Kind { Table, Array, String, Integer, Float, Boolean, Date };

  Kind kind = Kind::String;
  std::string string;        // String; Date as ISO 8601 text
  std::int64_t integer = 0;  // Integer
  double real = 0;           // Float
  bool boolean = false;      // Boolean
  std::vector<TomlValue> array;
  std::shared_ptr<const TomlTable> table;  // shared: values are copied, tables are not
  int line = 0;                            // 1-based
};

// Read keys with the typed accessors, then call `problems()`: it lists, each with file and line,
// every accessor that found nothing or the wrong kind, and every key that no accessor asked for.
class TomlTable {
 public:
  // Required: absence or another kind is a problem; the returned value is then empty.
  std::string string(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  bool boolean(std::string_view key) const;
  std::vector<std::string> strings(std::string_view key) const;
  // Optional: absence is fine, another kind is a problem.
  std::optional<std::string> optional_string(std::string_view key) const;
  std::optional<std::int64_t> optional_integer(std::string_view key) const;
  std::optional<bool> optional_boolean(std::string_view key) const;
  std::vector<std::string> optional_strings(std::string_view key) const;
  // A sub-table, or null when absent. Its own problems are included in ours.
  const TomlTable* table(std::string_view key) const;
  // An array of tables ([[key]]), empty when absent.
  std::vector<const TomlTable*> tables(std::string_view key) const;
  // The raw value, or null when absent; counts as read, and so does all below it.
  const TomlValue* value(std::string_view key) const;
  // The keys in the order of their names.
  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] bool has(std::string_view key) const;
  // Adds a problem found by the caller (a value out of range, an unknown id).
  void report(std::string_view key, std::string_view problem) const;
  // "file:line: key: what was expected", for this table and all below it.
  [[nodiscard]] std::vector<std::string> problems() const;

  std::map<std::string, TomlValue, std::less<>> entries;
  std::string file;
  int line = 0;

 private:
  const TomlValue* find(std::string_view key, TomlValue::Kind kind, std::string_view expected,
                        bool required) const;

  mutable std::vector<std::string> found_;
  mutable std::map<std::string, bool, std::less<>> read_;
};

// `file` is used in messages only. A syntax error is an Error of kind Data with file, line and
// column.
Result<std::shared_ptr<const TomlTable>> parse_toml(std::string_view text, std::string_view file);

}  // namespace medic
