#include "target/proxy.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace medic::target {
namespace {

struct KindRow {
  std::string_view scheme;
  ProxyKind kind = ProxyKind::Http;
  std::uint16_t port = 0;
};

// Default ports: 80 for http:// as Python and Go have it. curl uses 1080 for everything but
// https://; nearly every setting in the wild names its port, and requests and pip are asked about
// most.
constexpr std::array kKinds{
    KindRow{"http", ProxyKind::Http, 80},
    KindRow{"https", ProxyKind::Https, 443},
    KindRow{"socks5", ProxyKind::Socks5, 1080},
    KindRow{"socks5h", ProxyKind::Socks5h, 1080},
};

std::unexpected<Error> bad_proxy(std::string what, std::string next_step = {}) {
  if (next_step.empty()) {
    next_step = "write http://HOST:PORT, https://HOST:PORT or socks5h://HOST:PORT";
  }
  return fail(ErrorKind::Usage, std::move(what), "the proxy cannot be used", std::move(next_step));
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// RFC 3986 section 2.1; a % that starts no escape stays, as in curl.
std::string percent_decoded(std::string_view text) {
  const auto nibble = [](char c) -> int {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    const char l = static_cast<char>(c | 0x20);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && nibble(text[i + 1]) >= 0 &&
        nibble(text[i + 2]) >= 0) {
      out += static_cast<char>(nibble(text[i + 1]) * 16 + nibble(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

Result<const KindRow*> find_kind(std::string_view scheme) {
  std::string name = lower(scheme);
  if (name == "socks") {
    name = "socks5";
  }
  const auto* const found = std::find_if(kKinds.begin(), kKinds.end(),
                                         [&](const KindRow& k) { return k.scheme == name; });
  if (found != kKinds.end()) {
    return found;
  }
  if (name == "socks4" || name == "socks4a") {
    return bad_proxy("SOCKS4 proxies are not supported", "use the proxy's SOCKS5 port: socks5h://");
  }
  return bad_proxy(fmt::format("proxy scheme '{}' is not known", escaped(scheme, 16)));
}

}  // namespace

std::string Proxy::text() const {
  const auto* const row =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const KindRow& k) { return k.kind == kind; });
  return fmt::format("{}://{}{}", row->scheme, credentials ? "(credentials)@" : "",
                     authority_text(host, port));
}

Result<Proxy> parse_proxy(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20) {
    text.remove_suffix(1);
  }
  if (text.empty()) {
    return bad_proxy("the proxy is empty");
  }
  const KindRow* row = kKinds.data();
  if (const std::size_t separator = text.find("://"); separator != std::string_view::npos) {
    // An @ before "://" means the text is a password, not a scheme.
    if (text.substr(0, separator).find_first_of("@:/") != std::string_view::npos) {
      return bad_proxy("the proxy has no valid scheme");
    }
    MEDIC_TRY(row, find_kind(text.substr(0, separator)));
    text.remove_prefix(separator + 3);
  }
  Proxy proxy;
  proxy.kind = row->kind;
  // The last @ first: unescaped @ and / in passwords are common and must not leak into the host.
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view userinfo = text.substr(0, at);
    text.remove_prefix(at + 1);
    const std::size_t colon = std::min(userinfo.find(':'), userinfo.size());
    ProxyCredentials credentials;
    credentials.user = Secret(percent_decoded(userinfo.substr(0, colon)));
    credentials.password = Secret(
        percent_decoded(colon < userinfo.size() ? userinfo.substr(colon + 1) : std::string_view{}));
    proxy.credentials = std::move(credentials);
  }
  text = text.substr(0, text.find_first_of("/?#"));
  MEDIC_TRY(const Authority parts, split_authority(text));
  MEDIC_TRY(Host host, parse_host(parts.host));
  proxy.host = std::move(host.ascii);
  proxy.port = row->port;
  if (parts.port && !parts.port->empty()) {
    MEDIC_TRY(proxy.port, parse_port(*parts.port));
  }
  return proxy;
}

namespace {

// Which variable names the proxy for this scheme. Lower case wins (curl, Python; Go looks at upper
// case first). A variable set to nothing means "no proxy" and hides the upper-case one (Python;
// curl goes on to all_proxy). Go knows no all_proxy.
Environment::const_iterator proxy_variable(const std::string& scheme,
                                           const Environment& environment) {
  for (const std::string& stem : {scheme + "_proxy", std::string("all_proxy")}) {
    std::string upper = stem;
    std::ranges::transform(upper, upper.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
    for (const std::string& name : {stem, upper}) {
      // In a CGI program HTTP_PROXY is the client's "Proxy:" header ("httpoxy", CVE-2016-5385).
      // Python and Go ignore it when REQUEST_METHOD is set; curl never reads the upper-case form.
      if (name == "HTTP_PROXY" && environment.contains("REQUEST_METHOD")) {
        continue;
      }
      if (const auto set = environment.find(name); set != environment.end()) {
        return set;
      }
    }
  }
  return environment.end();
}

}  // namespace

Result<ProxyChoice> proxy_from_environment(const Target& target, const Environment& environment) {
  ProxyChoice choice;
  // Web sockets go where their HTTP upgrade goes; "tls" is our own name for https.
  std::string scheme = target.scheme;
  if (scheme == "wss" || scheme == "tls") {
    scheme = "https";
  } else if (scheme == "ws") {
    scheme = "http";
  }
  const auto set = proxy_variable(scheme, environment);
  if (set != environment.end()) {
    choice.variable = set->first;
  }
  const std::string value = set != environment.end() ? set->second : std::string();
  if (value.empty()) {
    return choice;
  }
  const auto list = environment.contains("no_proxy") ? environment.find("no_proxy")
                                                     : environment.find("NO_PROXY");
  if (list != environment.end()) {
    choice.bypass = no_proxy_match(list->second, target);
  }
  if (!choice.bypass.empty()) {
    return choice;
  }
  auto proxy = parse_proxy(value);
  if (!proxy) {
    return std::unexpected(std::move(proxy).error().within("variable " + choice.variable));
  }
  choice.proxy = *std::move(proxy);
  return choice;
}

}  // namespace medic::target
