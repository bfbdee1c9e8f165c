// Reads a case that anybody may have written. nlohmann/json throws; nothing of it leaves this file.

#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_bounds.h"
#include "evidence/case_fields.h"

namespace medic::evidence {
namespace {

// Read into sorted objects: the ordered ones look through all keys for each, which a hostile file
// makes quadratic.
using Parsed = nlohmann::json;

constexpr std::size_t kMaxCaseBytes = std::size_t{32} * 1024 * 1024;
constexpr std::size_t kNamedProblems = 5;

class Reader {
 public:
  Reader(const Parsed& json, std::string path, std::vector<std::string>& problems)
      : json_(json), path_(std::move(path)), problems_(problems) {
    if (!json.is_object()) {
      problem("expected an object");
    }
  }

  template <class T>
  void operator()(std::string_view key, T& value) {
    if (const Parsed* found = find(key)) {
      read(*found, fmt::format("{}.{}", path_, key), value);
    }
  }
  void raw(std::string_view key, std::string& value) {
    Bytes bytes;
    (*this)(key, bytes);
    value = std::string(as_text(bytes));
  }
  void reject_unknown() {
    if (!json_.is_object()) {
      return;
    }
    for (const auto& [key, value] : json_.items()) {
      if (std::ranges::find(known_, key) == known_.end()) {
        problems_.push_back(fmt::format("{}.{}: unknown key", path_, escaped(key, 40)));
      }
    }
  }

 private:
  const Parsed* find(std::string_view key) {
    known_.emplace_back(key);
    if (!json_.is_object()) {
      return nullptr;
    }
    const auto at = json_.find(std::string(key));
    return at == json_.end() ? nullptr : &*at;
  }
  void problem(std::string_view what) { problems_.push_back(fmt::format("{}: {}", path_, what)); }

  void expected(const std::string& path, std::string_view what) {
    problems_.push_back(fmt::format("{}: expected {}", path, what));
  }
  const std::string* text(const Parsed& from, const std::string& path) {
    const auto* string = from.get_ptr<const Parsed::string_t*>();
    if (string == nullptr) {
      expected(path, "a string");
    }
    return string;
  }
  // A string that `parse` turns into an optional or a Result of the value.
  template <class T, class Parse>
  void parsed(const Parsed& from, const std::string& path, T& value, Parse parse,
              std::string_view form) {
    const std::string* string = text(from, path);
    if (string == nullptr) {
      return;
    }
    if (auto found = parse(*string)) {
      value = *std::move(found);
    } else {
      expected(path, form);
    }
  }

  void read(const Parsed& from, const std::string& path, Bytes& value) {
    parsed(from, path, value, [](const std::string& s) { return parse_base64(s); }, "base64");
  }
  void read(const Parsed& from, const std::string& path, Time& value) {
    parsed(
        from, path, value, [](const std::string& s) { return parse_time(s); }, "an RFC 3339 time");
  }
  void read(const Parsed& from, const std::string& path, TlsVersion& value) {
    parsed(
        from, path, value, [](const std::string& s) { return parse_version(s); },
        "a TLS version, 1.0 to 1.3");
  }
  void read(const Parsed& from, const std::string& path, std::string& value) {
    if (const std::string* string = text(from, path)) {
      value = *string;
    }
  }
  void read(const Parsed& from, const std::string& path, bool& value) {
    if (from.is_boolean()) {
      value = from.get<bool>();
    } else {
      expected(path, "true or false");
    }
  }
  void read(const Parsed& from, const std::string& path, Outcome& value);
  template <std::integral T>
  void read(const Parsed& from, const std::string& path, T& value) {
    if (!from.is_number_integer()) {
      expected(path, "an integer");
      return;
    }
    const auto number = from.get<std::int64_t>();
    if (!std::in_range<T>(number)) {
      expected(path, "an integer in range");
      return;
    }
    value = static_cast<T>(number);
  }
  template <class T>
    requires std::is_enum_v<T>
  void read(const Parsed& from, const std::string& path, T& value) {
    const std::string* string = text(from, path);
    if (string == nullptr) {
      return;
    }
    const auto* const found = std::ranges::find(EnumNames<T>::names, *string);
    if (found == std::end(EnumNames<T>::names)) {
      expected(path, "one of the listed words");
      return;
    }
    value = static_cast<T>(found - std::begin(EnumNames<T>::names));
  }
  template <class Rep, class Period>
  void read(const Parsed& from, const std::string& path,
            std::chrono::duration<Rep, Period>& value) {
    std::int64_t count = 0;
    read(from, path, count);
    value = std::chrono::duration<Rep, Period>{count};
  }
  template <class T>
  void read(const Parsed& from, const std::string& path, std::optional<T>& value) {
    read(from, path, value.emplace());
  }
  template <class T>
  void read(const Parsed& from, const std::string& path, std::vector<T>& value) {
    if (!from.is_array()) {
      expected(path, "an array");
      return;
    }
    for (const Parsed& element : from) {
      const std::string place = fmt::format("{}[{}]", path, value.size());
      read(element, place, value.emplace_back());
    }
  }
  template <class T>
  void read(const Parsed& from, const std::string& path, T& record) {
    Reader inner(from, path, problems_);
    fields(inner, record);
    inner.reject_unknown();
  }

  const Parsed& json_;
  std::string path_;
  std::vector<std::string>& problems_;
  std::vector<std::string> known_;
};

// The alternative is chosen by its name.
void Reader::read(const Parsed& from, const std::string& path, Outcome& value) {
  std::string kind;
  Reader inner(from, path, problems_);
  inner("kind", kind);
  const auto try_alternative = [&]<std::size_t At>() {
    if (kind != kOutcomeNames[At]) {
      return false;
    }
    fields(inner, value.emplace<At>());
    return true;
  };
  const bool known = [&]<std::size_t... I>(std::index_sequence<I...>) {
    return (try_alternative.template operator()<I>() || ...);
  }(std::make_index_sequence<std::variant_size_v<Outcome>>());
  if (known) {
    inner.reject_unknown();
  } else {
    problems_.push_back(fmt::format("{}.kind: unknown outcome", path));
  }
}

}  // namespace

Result<Case> parse_case(std::string_view json) {
  if (json.size() > kMaxCaseBytes) {
    return fail(ErrorKind::Limit,
                fmt::format("the case file is larger than {} bytes", kMaxCaseBytes));
  }
  if (nests_deeper_than(json, kMaxJsonDepth)) {
    return fail(ErrorKind::Limit,
                fmt::format("the case file nests deeper than {} levels", kMaxJsonDepth));
  }
  Parsed parsed;
  try {
    parsed = Parsed::parse(json);
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorKind::Data,
                fmt::format("the case file is not JSON: {}", escaped(error.what(), 200)));
  }
  std::vector<std::string> problems;
  Case c;
  std::string schema;
  Reader reader(parsed, "$", problems);
  reader("schema", schema);
  fields(reader, c);
  reader.reject_unknown();
  if (schema != kCaseSchema) {
    return fail(ErrorKind::Data, fmt::format("the case file's schema is '{}', not '{}'",
                                             escaped(schema, 40), kCaseSchema));
  }
  if (!problems.empty()) {
    problems.resize(std::min(problems.size(), kNamedProblems));
    return fail(ErrorKind::Data,
                fmt::format("the case file is damaged: {}", fmt::join(problems, "; ")), {},
                "save it again with `tlsmedic diagnose TARGET --save FILE`");
  }
  return c;
}

}  // namespace medic::evidence
