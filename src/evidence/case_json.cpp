// Writes a case. nlohmann/json throws; nothing of it leaves this file.

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json.h"
#include "evidence/case_fields.h"

namespace medic::evidence {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
struct IsDuration : std::false_type {};
template <class Rep, class Period>
struct IsDuration<std::chrono::duration<Rep, Period>> : std::true_type {};

class Writer {
 public:
  template <class T>
  void operator()(std::string_view key, const T& value) {
    // An absent optional and an empty list are left out: the reader's default is the same.
    if constexpr (IsOptional<T>::value) {
      if (!value) {
        return;
      }
    } else if constexpr (IsVector<T>::value) {
      if (value.empty()) {
        return;
      }
    }
    json[std::string(key)] = written(value);
  }
  // Foreign bytes: not always UTF-8.
  void raw(std::string_view key, const std::string& value) {
    if (!value.empty()) {
      json[std::string(key)] = base64(as_bytes(value));
    }
  }

  Json json = Json::object();

 private:
  template <class T>
  static Json written(const T& value);
};

template <class T>
Json Writer::written(const T& value) {
  if constexpr (std::same_as<T, Bytes>) {
    return base64(value);
  } else if constexpr (std::same_as<T, Time>) {
    return rfc3339(value);
  } else if constexpr (std::same_as<T, TlsVersion>) {
    return std::string(version_text(value));
  } else if constexpr (std::same_as<T, Outcome>) {
    Writer inner;
    inner.json["kind"] = std::string(kOutcomeNames[value.index()]);
    std::visit([&](const auto& alternative) { fields(inner, alternative); }, value);
    return std::move(inner.json);
  } else if constexpr (IsOptional<T>::value) {
    return value ? written(*value) : Json();
  } else if constexpr (IsVector<T>::value) {
    Json list = Json::array();
    for (const auto& element : value) {
      list.push_back(written(element));
    }
    return list;
  } else if constexpr (IsDuration<T>::value) {
    return value.count();
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(EnumNames<T>::names[static_cast<std::size_t>(value)]);
  } else if constexpr (std::is_arithmetic_v<T>) {
    return value;
  } else if constexpr (std::same_as<T, std::string>) {
    // Words of resolvers and libraries are almost always UTF-8; where not, they are shown escaped.
    return escaped(value, value.size());
  } else {
    Writer inner;
    fields(inner, value);
    return std::move(inner.json);
  }
}

}  // namespace

std::string case_json(const Case& c) {
  Writer writer;
  writer.json["schema"] = std::string(kCaseSchema);
  fields(writer, c);
  return json_text(writer.json, 1) + "\n";
}

}  // namespace medic::evidence
