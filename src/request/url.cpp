#include "request/url.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace medic::request {
namespace {

constexpr std::size_t kMaxUrlBytes = 8192;  // longer than any URL that servers accept

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

std::unexpected<Error> bad_url(std::string what) {
  return fail(ErrorKind::Usage, std::move(what), "nothing was sent",
              "write for example https://api.example.com/v1/health");
}

bool has_scheme(std::string_view text) {
  const std::size_t end = text.find_first_of(":/?#");
  return end != std::string_view::npos && end > 0 && text[end] == ':' &&
         text.substr(end).starts_with("://");
}

// RFC 3986 section 5.2.4, for a path that begins with a slash.
std::string without_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  bool ends_with_slash = true;
  std::size_t at = 1;
  while (at <= path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    ends_with_slash = segment.empty() || segment == "." || segment == "..";
    if (segment == ".." && !kept.empty()) {
      kept.pop_back();
    } else if (segment != "." && segment != ".." && (!segment.empty() || end < path.size())) {
      kept.push_back(segment);
    }
    at = end + 1;
  }
  std::string text;
  for (const std::string_view segment : kept) {
    text += fmt::format("/{}", segment);
  }
  return ends_with_slash || text.empty() ? text + "/" : text;
}

}  // namespace

std::string Url::authority() const {
  const bool usual = target.port == (is_plain() ? 80 : 443);
  return usual ? target::url_host(target.host) : target.authority();
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kMaxUrlBytes) {
    return bad_url(fmt::format("the URL is {} bytes long", text.size()));
  }
  const std::size_t scheme_end = has_scheme(text) ? text.find("://") + 3 : 0;
  const std::size_t authority_end = std::min(text.find_first_of("/?#\\", scheme_end), text.size());
  if (text.substr(scheme_end, authority_end - scheme_end).find('@') != std::string_view::npos) {
    return fail(ErrorKind::Usage, "the URL holds a user name or password",
                "URLs end up in logs and in lists of processes, so credentials are taken from "
                "elsewhere",
                "tlsmedic request GET URL --bearer env:NAME, or --secret "
                "Authorization=file:PATH");
  }
  Url url;
  MEDIC_TRY(url.target, target::parse_target(text));
  if (url.target.scheme != "https" && url.target.scheme != "http") {
    return bad_url(fmt::format("'{}' is not asked with HTTP", escaped(url.target.scheme, 32)));
  }
  text = text.substr(0, text.find('#'));
  const std::size_t query = text.find('?', authority_end);
  if (query != std::string_view::npos) {
    url.query = target::Secret(std::string(text.substr(query)));
  }
  if (!is_printable(url.target.path) || !is_printable(url.query.reveal())) {
    return bad_url("the path or query holds blanks, control characters or text that is not ASCII");
  }
  return url;
}

Result<Url> resolved_location(const Url& base, std::string_view location) {
  location = location.substr(0, location.find('#'));
  if (location.empty() || location.size() > kMaxUrlBytes || !is_printable(location)) {
    return fail(ErrorKind::Data, "the Location header holds no URL");
  }
  const std::string start = base.target.scheme + "://" + base.target.authority();
  if (has_scheme(location)) {
    return parse_url(location);
  }
  if (location.starts_with("//")) {
    return parse_url(base.target.scheme + ":" + std::string(location));
  }
  const std::size_t query = std::min(location.find('?'), location.size());
  std::string path(location.substr(0, query));
  if (path.empty()) {
    path = base.target.path;
  } else if (path.front() != '/') {
    path = base.target.path.substr(0, base.target.path.rfind('/') + 1) + path;
  }
  return parse_url(start + without_dots(path) + std::string(location.substr(query)));
}

bool same_origin(const Url& a, const Url& b) {
  return a.target.host == b.target.host && a.target.port == b.target.port &&
         a.is_plain() == b.is_plain();
}

}  // namespace medic::request
