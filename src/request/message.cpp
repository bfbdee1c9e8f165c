#include "request/message.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace medic::request {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

// They say how the message is framed and where it goes, which is decided here.
constexpr std::array<std::string_view, 12> kOurs{"host",
                                                 "content-length",
                                                 "transfer-encoding",
                                                 "connection",
                                                 "upgrade",
                                                 "te",
                                                 "trailer",
                                                 "keep-alive",
                                                 "expect",
                                                 "proxy-connection",
                                                 "proxy-authorization",
                                                 "http2-settings"};

constexpr std::array<std::string_view, 10> kFailureIds{
    "unresolved", "not-connected", "proxy",      "tls",      "certificate",
    "closed",     "timeout",       "bad-answer", "redirect", "stopped"};

}  // namespace

Result<Header> checked_header(std::string name, target::Secret value) {
  if (!is_token(name)) {
    return fail(ErrorKind::Usage, fmt::format("'{}' is no name of a header", escaped(name, 60)), {},
                "write 'Name: value'");
  }
  const bool ours =
      std::ranges::any_of(kOurs, [&](std::string_view one) { return same_name(one, name); });
  if (ours) {
    return fail(ErrorKind::Usage, fmt::format("the header '{}' is not the caller's to set", name),
                "it decides where the request goes or where it ends", "leave it out");
  }
  const bool broken = std::ranges::any_of(value.reveal(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
  });
  if (broken) {
    return fail(
        ErrorKind::Usage,
        fmt::format("the value of '{}' holds a line end or another control character", name),
        "the server would read it as more than one header", {});
  }
  return Header{.name = std::move(name), .value = std::move(value)};
}

bool is_method(std::string_view text) {
  return is_token(text) && text.size() <= 32 && text != "CONNECT";
}

bool is_idempotent(std::string_view method) {
  constexpr std::array<std::string_view, 6> kMethods{"GET",    "HEAD",    "PUT",
                                                     "DELETE", "OPTIONS", "TRACE"};
  return std::ranges::find(kMethods, method) != kMethods.end();
}

std::string_view Answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) {
      return value;
    }
  }
  return {};
}

std::string_view failure_id(FailureKind kind) {
  return kFailureIds.at(static_cast<std::size_t>(kind));
}

}  // namespace medic::request
