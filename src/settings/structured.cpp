// TOML and JSON: the parsers are toml++ (through base/toml.h) and nlohmann's.

#include <fmt/core.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/toml.h"
#include "settings/document.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

ValueKind kind_of(TomlValue::Kind kind) {
  switch (kind) {
    case TomlValue::Kind::Boolean:
      return ValueKind::Boolean;
    case TomlValue::Kind::Integer:
    case TomlValue::Kind::Float:
      return ValueKind::Number;
    default:
      return ValueKind::String;
  }
}

std::string text_of(const TomlValue& value) {
  switch (value.kind) {
    case TomlValue::Kind::Boolean:
      return value.boolean ? "true" : "false";
    case TomlValue::Kind::Integer:
      return fmt::format("{}", value.integer);
    case TomlValue::Kind::Float:
      return fmt::format("{}", value.real);
    default:
      return value.string;
  }
}

// Depth is bounded by toml++ (TOML_MAX_NESTED_VALUES, 256) and again here.
void walk(Sink& sink, std::vector<std::string>& path, const TomlValue& value);

void walk_table(Sink& sink, std::vector<std::string>& path, const TomlTable& table) {
  for (const auto& [key, value] : table.entries) {
    path.push_back(key);
    walk(sink, path, value);
    path.pop_back();
  }
}

void walk(Sink& sink, std::vector<std::string>& path, const TomlValue& value) {
  if (sink.full()) {
    return;
  }
  if (path.size() > kMaxDepth) {
    sink.report(value.line, "limit", "tables nested too deep");
    return;
  }
  const bool table = value.kind == TomlValue::Kind::Table;
  if (table && value.table && !value.table->entries.empty()) {
    walk_table(sink, path, *value.table);
  } else if (value.kind == TomlValue::Kind::Array && !value.array.empty()) {
    for (std::size_t i = 0; i < value.array.size(); ++i) {
      path.push_back(std::to_string(i));
      walk(sink, path, value.array[i]);
      path.pop_back();
    }
  } else {
    const bool empty = table || value.kind == TomlValue::Kind::Array;
    sink.add({.path = path,
              .value = empty ? std::string() : text_of(value),
              .kind = empty ? ValueKind::Empty : kind_of(value.kind),
              .line = value.line});
  }
}

// Counts the lines that the parser has read. The parser copies its iterators, so the count lies
// outside them.
struct Position {
  int line = 1;
  int line_before = 1;  // before the last character: a number is known to end only one later
};

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, Position* position) : at_(at), position_(position) {}
  const char& operator*() const { return *at_; }
  CountingIterator& operator++() {
    position_->line_before = position_->line;
    position_->line += *at_ == '\n' ? 1 : 0;
    ++at_;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  Position* position_;
};

// nlohmann's event interface; every answer of false ends the parse.
class JsonEvents {
 public:
  using Json = nlohmann::json;

  JsonEvents(Sink& sink, const Position& position) : sink_(&sink), position_(&position) {}

  bool null() { return leaf("", ValueKind::Null, position_->line); }
  bool boolean(bool value) {
    return leaf(value ? "true" : "false", ValueKind::Boolean, position_->line);
  }
  bool number_integer(std::int64_t value) { return number(fmt::format("{}", value)); }
  bool number_unsigned(std::uint64_t value) { return number(fmt::format("{}", value)); }
  bool number_float(double /*value*/, const std::string& text) { return number(text); }
  bool string(std::string& value) {
    return leaf(std::move(value), ValueKind::String, position_->line);
  }
  bool binary(Json::binary_t& /*value*/) { return true; }  // JSON text has none
  bool start_object(std::size_t /*size*/) { return open(false); }
  bool start_array(std::size_t /*size*/) { return open(true); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    levels_.back().key = std::move(name);
    levels_.back().line = position_->line;
    ++levels_.back().count;
    return true;
  }
  bool parse_error(std::size_t /*at*/, const std::string& token,
                   const nlohmann::detail::exception& /*error*/) {
    sink_->report(position_->line, "syntax", token);
    return false;
  }

 private:
  struct Level {
    bool list = false;
    std::string key;
    std::size_t count = 0;
    int line = 0;  // of the key
  };

  [[nodiscard]] std::vector<std::string> path() const {
    std::vector<std::string> found;
    found.reserve(levels_.size());
    for (const Level& level : levels_) {
      found.push_back(level.list ? std::to_string(level.count - 1) : level.key);
    }
    return found;
  }
  // A value begins: in a list it is the next one.
  int begin(int line) {
    if (!levels_.empty() && levels_.back().list) {
      ++levels_.back().count;
      return line;
    }
    return levels_.empty() ? line : levels_.back().line;
  }
  bool number(std::string text) {
    return leaf(std::move(text), ValueKind::Number, position_->line_before);
  }
  bool leaf(std::string value, ValueKind kind, int line) {
    const int at = begin(line);
    return sink_->add({.path = path(), .value = std::move(value), .kind = kind, .line = at});
  }
  bool open(bool list) {
    const int at = begin(position_->line);
    if (levels_.size() >= kMaxDepth) {
      sink_->report(at, "limit", "values nested too deep");
      return false;
    }
    levels_.push_back({.list = list, .key = {}, .count = 0, .line = at});
    return true;
  }
  bool close() {
    const Level level = std::move(levels_.back());
    levels_.pop_back();
    if (level.count > 0) {
      return true;
    }
    return sink_->add({.path = path(), .value = {}, .kind = ValueKind::Empty, .line = level.line});
  }

  Sink* sink_;
  const Position* position_;
  std::vector<Level> levels_;
};

}  // namespace

Document read_toml(std::string_view file, std::string_view text) {
  Sink sink(file);
  const auto table = parse_toml(text, file);
  if (!table) {
    sink.report(0, "syntax", table.error().what);
    return sink.take();
  }
  std::vector<std::string> path;
  walk_table(sink, path, **table);
  return sink.take();
}

Document read_json(std::string_view file, std::string_view text) {
  Sink sink(file);
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) {
    text.remove_prefix(kMark.size());
  }
  Position position;
  JsonEvents events(sink, position);
  const bool ignore_comments = true;
  const bool whole = true;
  static_cast<void>(
      nlohmann::json::sax_parse(CountingIterator(text.data(), &position),
                                CountingIterator(text.data() + text.size(), &position), &events,
                                nlohmann::json::input_format_t::json, whole, ignore_comments));
  return sink.take();
}

}  // namespace medic::settings
