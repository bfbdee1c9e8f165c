// The one description of a case's JSON: every record lists its fields once, and the same list
// writes and reads. nlohmann/json throws; nothing of it leaves this file.

#include <fmt/core.h>

#include <chrono>
#include <concepts>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "evidence/case.h"

namespace medic::evidence {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxCaseBytes = 32U * 1024U * 1024U;
constexpr std::string_view kSchema = "tlsmedic.case/1";

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

// Names of enumerators, in the order of their values.
template <class E>
struct EnumNames;
template <>
struct EnumNames<Offer> {
  static constexpr std::string_view names[] = {"mainstream", "everything"};
};
template <>
struct EnumNames<HelloSize> {
  static constexpr std::string_view names[] = {"classical", "post-quantum"};
};
template <>
struct EnumNames<Phase> {
  static constexpr std::string_view names[] = {"connect", "proxy", "starttls", "handshake",
                                               "after-handshake"};
};
template <>
struct EnumNames<AddressFamily> {
  static constexpr std::string_view names[] = {"any", "ipv4", "ipv6"};
};

// The alternatives of Outcome, by index.
constexpr std::string_view kOutcomeNames[] = {
    "completed", "alert-received", "refused-by-us", "timed-out",        "closed",
    "not-tls",   "not-connected",  "proxy-refused", "starttls-refused",
};
static_assert(std::size(kOutcomeNames) == std::variant_size_v<Outcome>);

class Writer;
class Reader;

template <class V, class T>
concept HasFields = requires(V& visitor, T& value) { fields(visitor, value); };

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

class Reader {
 public:
  Reader(const Json& json, std::string path, std::vector<std::string>& problems)
      : json_(json), path_(std::move(path)), problems_(problems) {
    if (!json.is_object()) {
      problem("expected an object");
    }
  }

  template <class T>
  void operator()(std::string_view key, T& value) {
    if (const Json* found = find(key)) {
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
  const Json* find(std::string_view key) {
    known_.emplace_back(key);
    if (!json_.is_object()) {
      return nullptr;
    }
    const auto at = json_.find(std::string(key));
    return at == json_.end() ? nullptr : &*at;
  }
  void problem(std::string_view what) { problems_.push_back(fmt::format("{}: {}", path_, what)); }

  template <class T>
  void read(const Json& from, const std::string& path, T& value);

  const Json& json_;
  std::string path_;
  std::vector<std::string>& problems_;
  std::vector<std::string> known_;
};

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, ProbeSpec>
void fields(V& v, T& s) {
  v("address", s.address);
  v("port", s.port);
  v("sni", s.sni);
  v("min_version", s.min_version);
  v("max_version", s.max_version);
  v("offer", s.offer);
  v("hello", s.hello);
  v("starttls", s.starttls);
  v("proxy", s.proxy);
  v("client_certificate", s.client_certificate);
  v("http", s.http);
  v("deadline_ms", s.deadline_ms);
  v("repeat", s.repeat);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Alert>
void fields(V& v, T& a) {
  v("sent", a.sent);
  v("level", a.level);
  v("code", a.code);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, HttpAnswer>
void fields(V& v, T& a) {
  v("status", a.status);
  v("date", a.date);
  v.raw("location_base64", a.location);
  v.raw("server_base64", a.server);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Completed>
void fields(V&, T&) {}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, AlertReceived>
void fields(V& v, T& o) {
  v("phase", o.phase);
  v("level", o.level);
  v("code", o.code);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, RefusedByUs>
void fields(V& v, T& o) {
  v("phase", o.phase);
  v("reason", o.reason);
  v("alert_sent", o.alert_sent);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, TimedOut>
void fields(V& v, T& o) {
  v("phase", o.phase);
  v("after_ms", o.after);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Closed>
void fields(V& v, T& o) {
  v("phase", o.phase);
  v("reset", o.reset);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, NotTls>
void fields(V& v, T& o) {
  v.raw("first_bytes_base64", o.first_bytes);
  v("protocol", o.protocol);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, NotConnected>
void fields(V& v, T& o) {
  v("reason", o.reason);
  v("detail", o.detail);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, ProxyRefused>
void fields(V& v, T& o) {
  v("status", o.status);
  v.raw("reason_base64", o.reason);
  v.raw("body_excerpt_base64", o.body_excerpt);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, StartTlsRefused>
void fields(V& v, T& o) {
  v("reason", o.reason);
  v.raw("transcript_base64", o.transcript);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Handshake>
void fields(V& v, T& h) {
  v("spec", h.spec);
  v("peer", h.peer);
  v("outcome", h.outcome);
  v("version", h.version);
  v("cipher", h.cipher);
  v("cipher_name", h.cipher_name);
  v("group", h.group);
  v("group_bits", h.group_bits);
  v("peer_signature", h.peer_signature);
  v("secure_renegotiation", h.secure_renegotiation);
  v("chain", h.chain);
  v("ocsp_staple", h.ocsp_staple);
  v("client_certificate_requested", h.client_certificate_requested);
  v("client_ca_names", h.client_ca_names);
  v("alpn", h.alpn);
  v("alerts", h.alerts);
  v("http", h.http);
  v("client_hello_bytes", h.client_hello_bytes);
  v("bytes_sent", h.bytes_sent);
  v("bytes_received", h.bytes_received);
  v("tcp_connect_us", h.tcp_connect);
  v("proxy_ready_us", h.proxy_ready);
  v("starttls_ready_us", h.starttls_ready);
  v("first_reply_us", h.first_reply);
  v("total_us", h.total);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Resolution>
void fields(V& v, T& r) {
  v("host", r.host);
  v("family", r.family);
  v("addresses", r.addresses);
  v("error", r.error);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, FetchQuestion>
void fields(V& v, T& q) {
  v("url", q.url);
  v("purpose", q.purpose);
  v("body", q.body);
  v("content_type", q.content_type);
  v("max_bytes", q.max_bytes);
  v("deadline_ms", q.deadline_ms);
  v("allow_private", q.allow_private);
  v("address", q.address);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Fetched>
void fields(V& v, T& a) {
  v("url", a.url);
  v("status", a.status);
  v("body", a.body);
  v.raw("content_type_base64", a.content_type);
  v.raw("location_base64", a.location);
  v.raw("server_base64", a.server);
  v("error", a.error);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, FetchRecord>
void fields(V& v, T& r) {
  v("question", r.question);
  v("answer", r.answer);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, TargetFacts>
void fields(V& v, T& t) {
  v("url", t.url);
  v("host", t.host);
  v("unicode", t.unicode);
  v("is_address", t.is_address);
  v("port", t.port);
  v("starttls", t.starttls);
  v("http", t.http);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, ProxyFacts>
void fields(V& v, T& p) {
  v("id", p.id);
  v("url", p.url);
  v("source", p.source);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, StoreFacts>
void fields(V& v, T& s) {
  v("id", s.id);
  v("description", s.description);
  v("size", s.size);
  v("anchors", s.anchors);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Asked>
void fields(V& v, T& a) {
  v("sni", a.sni);
  v("family", a.family);
  v("addresses", a.addresses);
  v("profiles", a.profiles);
  v("roots", a.roots);
  v("proxy", a.proxy);
  v("client_certificate", a.client_certificate);
  v("revocation", a.revocation);
  v("deadline_ms", a.deadline_ms);
  v("fetch_private", a.fetch_private);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Case>
void fields(V& v, T& c) {
  v("program", c.program);
  v("at", c.at);
  v("target", c.target);
  v("asked", c.asked);
  v("proxies", c.proxies);
  v("resolutions", c.resolutions);
  v("handshakes", c.handshakes);
  v("fetches", c.fetches);
  v("stores", c.stores);
  v("pool", c.pool);
}

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
    return written(*value);
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

template <class T>
void Reader::read(const Json& from, const std::string& path, T& value) {
  const auto expected = [&](std::string_view what) {
    problems_.push_back(fmt::format("{}: expected {}", path, what));
  };
  const auto text = [&]() -> const std::string* {
    const auto* string = from.get_ptr<const Json::string_t*>();
    if (string == nullptr) {
      expected("a string");
    }
    return string;
  };
  if constexpr (std::same_as<T, Bytes>) {
    if (const std::string* string = text()) {
      if (auto bytes = parse_base64(*string)) {
        value = *std::move(bytes);
      } else {
        expected("base64");
      }
    }
  } else if constexpr (std::same_as<T, Time>) {
    if (const std::string* string = text()) {
      if (const auto time = parse_time(*string)) {
        value = *time;
      } else {
        expected("an RFC 3339 time");
      }
    }
  } else if constexpr (std::same_as<T, TlsVersion>) {
    if (const std::string* string = text()) {
      if (const auto version = parse_version(*string)) {
        value = *version;
      } else {
        expected("a TLS version, 1.0 to 1.3");
      }
    }
  } else if constexpr (std::same_as<T, Outcome>) {
    std::string kind;
    Reader inner(from, path, problems_);
    inner("kind", kind);
    bool known = false;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto try_alternative = [&]<std::size_t At>() {
        if (kind == kOutcomeNames[At]) {
          known = true;
          std::variant_alternative_t<At, Outcome> alternative;
          fields(inner, alternative);
          value = std::move(alternative);
        }
      };
      (try_alternative.template operator()<I>(), ...);
    }(std::make_index_sequence<std::variant_size_v<Outcome>>());
    if (known) {
      inner.reject_unknown();
    } else {
      problems_.push_back(fmt::format("{}.kind: unknown outcome", path));
    }
  } else if constexpr (IsOptional<T>::value) {
    typename T::value_type inner{};
    read(from, path, inner);
    value = std::move(inner);
  } else if constexpr (IsVector<T>::value) {
    if (!from.is_array()) {
      expected("an array");
      return;
    }
    std::size_t i = 0;
    for (const Json& element : from) {
      typename T::value_type inner{};
      read(element, fmt::format("{}[{}]", path, i++), inner);
      value.push_back(std::move(inner));
    }
  } else if constexpr (IsDuration<T>::value) {
    std::int64_t count = 0;
    read(from, path, count);
    value = T{count};
  } else if constexpr (std::is_enum_v<T>) {
    if (const std::string* string = text()) {
      for (std::size_t i = 0; i < std::size(EnumNames<T>::names); ++i) {
        if (EnumNames<T>::names[i] == *string) {
          value = static_cast<T>(i);
          return;
        }
      }
      expected("one of the listed words");
    }
  } else if constexpr (std::same_as<T, bool>) {
    if (from.is_boolean()) {
      value = from.get<bool>();
    } else {
      expected("true or false");
    }
  } else if constexpr (std::is_arithmetic_v<T>) {
    if (!from.is_number_integer()) {
      expected("an integer");
      return;
    }
    const auto number = from.get<std::int64_t>();
    if (!std::in_range<T>(number)) {
      expected("an integer in range");
      return;
    }
    value = static_cast<T>(number);
  } else if constexpr (std::same_as<T, std::string>) {
    if (const std::string* string = text()) {
      value = *string;
    }
  } else {
    Reader inner(from, path, problems_);
    fields(inner, value);
    inner.reject_unknown();
  }
}

}  // namespace

std::string case_json(const Case& c) {
  Writer writer;
  writer.json["schema"] = std::string(kSchema);
  fields(writer, c);
  return writer.json.dump(1) + "\n";
}

Result<Case> parse_case(std::string_view json) {
  if (json.size() > kMaxCaseBytes) {
    return fail(ErrorKind::Limit,
                fmt::format("the case file is larger than {} bytes", kMaxCaseBytes));
  }
  Json parsed;
  try {
    parsed = Json::parse(json);
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
  if (schema != kSchema) {
    return fail(ErrorKind::Data, fmt::format("the case file's schema is '{}', not '{}'",
                                             escaped(schema, 40), kSchema));
  }
  if (!problems.empty()) {
    std::string all = problems.front();
    for (std::size_t i = 1; i < problems.size() && i < 5; ++i) {
      all += "; " + problems[i];
    }
    return fail(ErrorKind::Data, fmt::format("the case file is damaged: {}", all), {},
                "save it again with `tlsmedic diagnose TARGET --save FILE`");
  }
  return c;
}

}  // namespace medic::evidence
