#include "base/toml.h"

#include <fmt/core.h>

#include <algorithm>
#include <sstream>

// Exceptions stay in this file: parse_toml() catches them and returns an Error.
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace medic {
namespace {

int line_of(const toml::node& node) {
  return static_cast<int>(node.source().begin.line);
}

std::shared_ptr<const TomlTable> converted_table(const toml::table& from, std::string_view file);

template <class T>
std::string iso_text(const T& date) {
  std::ostringstream out;
  out << date;
  return out.str();
}

TomlValue converted(const toml::node& node, std::string_view file) {
  TomlValue value;
  value.line = line_of(node);
  if (const auto* table = node.as_table()) {
    value.kind = TomlValue::Kind::Table;
    value.table = converted_table(*table, file);
  } else if (const auto* array = node.as_array()) {
    value.kind = TomlValue::Kind::Array;
    for (const toml::node& element : *array) {
      value.array.push_back(converted(element, file));
    }
  } else if (const auto* string = node.as_string()) {
    value.kind = TomlValue::Kind::String;
    value.string = string->get();
  } else if (const auto* integer = node.as_integer()) {
    value.kind = TomlValue::Kind::Integer;
    value.integer = integer->get();
  } else if (const auto* real = node.as_floating_point()) {
    value.kind = TomlValue::Kind::Float;
    value.real = real->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value.kind = TomlValue::Kind::Boolean;
    value.boolean = boolean->get();
  } else {
    value.kind = TomlValue::Kind::Date;
    if (const auto* date = node.as_date()) {
      value.string = iso_text(date->get());
    } else if (const auto* date_time = node.as_date_time()) {
      value.string = iso_text(date_time->get());
    } else if (const auto* time = node.as_time()) {
      value.string = iso_text(time->get());
    }
  }
  return value;
}

std::shared_ptr<const TomlTable> converted_table(const toml::table& from, std::string_view file) {
  auto table = std::make_shared<TomlTable>();
  table->file = std::string(file);
  table->line = line_of(from);
  for (const auto& [key, node] : from) {
    table->entries.emplace(std::string(key.str()), converted(node, file));
  }
  return table;
}

}  // namespace

const TomlValue* TomlTable::find(std::string_view key, TomlValue::Kind kind,
                                 std::string_view expected, bool required) const {
  read_.insert_or_assign(std::string(key), true);
  const auto at = entries.find(key);
  if (at == entries.end()) {
    if (required) {
      report(key, fmt::format("missing, expected {}", expected));
    }
    return nullptr;
  }
  if (at->second.kind != kind) {
    report(key, fmt::format("expected {}", expected));
    return nullptr;
  }
  return &at->second;
}

std::string TomlTable::string(std::string_view key) const {
  const TomlValue* v = find(key, TomlValue::Kind::String, "a string", true);
  return v != nullptr ? v->string : std::string();
}

std::int64_t TomlTable::integer(std::string_view key) const {
  const TomlValue* v = find(key, TomlValue::Kind::Integer, "an integer", true);
  return v != nullptr ? v->integer : 0;
}

bool TomlTable::boolean(std::string_view key) const {
  const TomlValue* v = find(key, TomlValue::Kind::Boolean, "true or false", true);
  return v != nullptr && v->boolean;
}

std::vector<std::string> TomlTable::strings(std::string_view key) const {
  if (!has(key)) {
    read_.insert_or_assign(std::string(key), true);
    report(key, "missing, expected an array of strings");
    return {};
  }
  return optional_strings(key);
}

std::optional<std::string> TomlTable::optional_string(std::string_view key) const {
  const TomlValue* v = find(key, TomlValue::Kind::String, "a string", false);
  return v != nullptr ? std::optional(v->string) : std::nullopt;
}

std::optional<std::int64_t> TomlTable::optional_integer(std::string_view key) const {
  const TomlValue* v = find(key, TomlValue::Kind::Integer, "an integer", false);
  return v != nullptr ? std::optional(v->integer) : std::nullopt;
}

std::optional<bool> TomlTable::optional_boolean(std::string_view key) const {
  const TomlValue* v = find(key, TomlValue::Kind::Boolean, "true or false", false);
  return v != nullptr ? std::optional(v->boolean) : std::nullopt;
}

std::vector<std::string> TomlTable::optional_strings(std::string_view key) const {
  std::vector<std::string> strings;
  if (const TomlValue* v = find(key, TomlValue::Kind::Array, "an array of strings", false)) {
    for (const TomlValue& element : v->array) {
      if (element.kind != TomlValue::Kind::String) {
        report(key, "expected an array of strings");
        return {};
      }
      strings.push_back(element.string);
    }
  }
  return strings;
}

const TomlTable* TomlTable::table(std::string_view key) const {
  const TomlValue* v = find(key, TomlValue::Kind::Table, "a table", false);
  return v != nullptr ? v->table.get() : nullptr;
}

std::vector<const TomlTable*> TomlTable::tables(std::string_view key) const {
  std::vector<const TomlTable*> tables;
  if (const TomlValue* v = find(key, TomlValue::Kind::Array, "an array of tables", false)) {
    for (const TomlValue& element : v->array) {
      if (element.kind != TomlValue::Kind::Table) {
        report(key, "expected an array of tables");
        return {};
      }
      tables.push_back(element.table.get());
    }
  }
  return tables;
}

const TomlValue* TomlTable::value(std::string_view key) const {
  read_.insert_or_assign(std::string(key), true);
  const auto at = entries.find(key);
  return at == entries.end() ? nullptr : &at->second;
}

std::vector<std::string> TomlTable::keys() const {
  std::vector<std::string> names;
  names.reserve(entries.size());
  for (const auto& [key, value] : entries) {
    names.push_back(key);
  }
  return names;
}

bool TomlTable::has(std::string_view key) const {
  return entries.find(key) != entries.end();
}

void TomlTable::report(std::string_view key, std::string_view problem) const {
  const auto at = entries.find(key);
  const int where = at == entries.end() ? line : at->second.line;
  found_.push_back(fmt::format("{}:{}: {}: {}", file, where, key, problem));
}

std::vector<std::string> TomlTable::problems() const {
  std::vector<std::string> all = found_;
  for (const auto& [key, value] : entries) {
    if (read_.find(key) == read_.end()) {
      all.push_back(fmt::format("{}:{}: {}: unknown key", file, value.line, key));
      continue;
    }
    if (value.kind == TomlValue::Kind::Table) {
      const auto below = value.table->problems();
      // A table reached through value() is the caller's to check.
      if (!value.table->read_.empty()) {
        all.insert(all.end(), below.begin(), below.end());
      }
    }
    for (const TomlValue& element : value.array) {
      if (element.kind == TomlValue::Kind::Table && !element.table->read_.empty()) {
        const auto below = element.table->problems();
        all.insert(all.end(), below.begin(), below.end());
      }
    }
  }
  return all;
}

Result<std::shared_ptr<const TomlTable>> parse_toml(std::string_view text, std::string_view file) {
  try {
    const toml::table root = toml::parse(text, file);
    return converted_table(root, file);
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::Data,
                fmt::format("{}:{}:{}: not TOML: {}", file, error.source().begin.line,
                            error.source().begin.column, error.description()));
  }
}

}  // namespace medic
