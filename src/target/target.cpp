#include "target/target.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "base/bytes.h"

namespace medic::target {
namespace {

// Ports: IANA Service Name and Transport Protocol Port Number Registry. Where two names share a
// row's meaning the first is the one written back by url().
constexpr std::array kSchemes{
    Scheme{"https", 443, Security::Tls, ""},
    Scheme{"http", 80, Security::Plain, ""},
    Scheme{"wss", 443, Security::Tls, ""},
    Scheme{"ws", 80, Security::Plain, ""},
    Scheme{"tls", 443, Security::Tls, ""},
    Scheme{"smtp", 25, Security::StartTls, "smtp"},
    Scheme{"submission", 587, Security::StartTls, "smtp"},
    Scheme{"smtps", 465, Security::Tls, ""},
    Scheme{"submissions", 465, Security::Tls, ""},
    Scheme{"lmtp", 24, Security::StartTls, "lmtp"},
    Scheme{"imap", 143, Security::StartTls, "imap"},
    Scheme{"imaps", 993, Security::Tls, ""},
    Scheme{"pop3", 110, Security::StartTls, "pop3"},
    Scheme{"pop3s", 995, Security::Tls, ""},
    Scheme{"sieve", 4190, Security::StartTls, "sieve"},
    Scheme{"ftp", 21, Security::StartTls, "ftp"},
    Scheme{"ftps", 990, Security::Tls, ""},
    Scheme{"ldap", 389, Security::StartTls, "ldap"},
    Scheme{"ldaps", 636, Security::Tls, ""},
    Scheme{"nntp", 119, Security::StartTls, "nntp"},
    Scheme{"nntps", 563, Security::Tls, ""},
    Scheme{"irc", 6667, Security::StartTls, "irc"},
    Scheme{"ircs", 6697, Security::Tls, ""},
    Scheme{"xmpp", 5222, Security::StartTls, "xmpp"},
    Scheme{"xmpps", 5223, Security::Tls, ""},
    Scheme{"postgresql", 5432, Security::StartTls, "postgres"},
    Scheme{"postgres", 5432, Security::StartTls, "postgres"},
    Scheme{"mysql", 3306, Security::StartTls, "mysql"},
    Scheme{"mariadb", 3306, Security::StartTls, "mysql"},
    Scheme{"rdp", 3389, Security::StartTls, "rdp"},
    Scheme{"mqtts", 8883, Security::Tls, ""},
    Scheme{"amqps", 5671, Security::Tls, ""},
    Scheme{"rediss", 6379, Security::Tls, ""},
};

constexpr std::size_t kMaxTextBytes = 8192;  // longer than any URL that servers accept

std::unexpected<Error> bad_target(std::string what, std::string next_step) {
  return fail(ErrorKind::Usage, std::move(what), "it is not clear which server to look at",
              std::move(next_step));
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool is_scheme_text(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
  });
}

Result<const Scheme*> find_scheme(std::string_view text) {
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const auto* const found = std::find_if(kSchemes.begin(), kSchemes.end(),
                                         [&](const Scheme& s) { return s.name == name; });
  if (found != kSchemes.end()) {
    return found;
  }
  return bad_target(fmt::format("scheme '{}' is not known", escaped(text, 32)),
                    "write https://HOST, or a known scheme such as smtp, imap, ldap or postgresql");
}

// After the authority: the path alone. Query and fragment may carry tokens.
std::string path_of(std::string_view rest) {
  const std::string_view path = rest.substr(0, rest.find_first_of("?#"));
  return path.empty() ? "/" : std::string(path);
}

bool has_control_or_blank(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F;
  });
}

Result<std::uint16_t> port_or(const Authority& authority, std::uint16_t fallback) {
  if (!authority.port || authority.port->empty()) {
    return fallback;
  }
  return parse_port(*authority.port);
}

struct Place {
  Host host;
  std::uint16_t port = 0;
};

Result<Place> parse_place(std::string_view authority, std::uint16_t default_port) {
  MEDIC_TRY(const Authority parts, split_authority(authority));
  MEDIC_TRY(Host host, parse_host(parts.host));
  MEDIC_TRY(const std::uint16_t port, port_or(parts, default_port));
  return Place{.host = std::move(host), .port = port};
}

}  // namespace

std::span<const Scheme> known_schemes() {
  return kSchemes;
}

std::string_view starttls_of_port(std::uint16_t port) {
  const auto* const found = std::find_if(kSchemes.begin(), kSchemes.end(), [&](const Scheme& s) {
    return s.port == port && s.security == Security::StartTls;
  });
  return found == kSchemes.end() ? std::string_view{} : found->starttls;
}

Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0 || value > 65535) {
    return fail(ErrorKind::Usage,
                fmt::format("port '{}' is not a number from 1 to 65535", escaped(text, 16)),
                "no connection can be made to it", "write HOST:PORT, for example example.com:8443");
  }
  return static_cast<std::uint16_t>(value);
}

Result<Authority> split_authority(std::string_view text) {
  if (!text.empty() && text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) {
      return bad_target(fmt::format("'{}' opens a bracket that is not closed", escaped(text, 80)),
                        "write an IPv6 address as [2001:db8::1]:443");
    }
    const std::string_view after = text.substr(close + 1);
    if (after.empty()) {
      return Authority{.host = text, .port = std::nullopt};
    }
    if (after.front() != ':') {
      return bad_target(fmt::format("'{}' has text after the bracket", escaped(text, 80)),
                        "write an IPv6 address as [2001:db8::1]:443");
    }
    return Authority{.host = text.substr(0, close + 1), .port = after.substr(1)};
  }
  const std::size_t first = text.find(':');
  if (first == std::string_view::npos || text.find(':', first + 1) != std::string_view::npos) {
    return Authority{.host = text,
                     .port = std::nullopt};  // two colons: an IPv6 address or a mistake
  }
  return Authority{.host = text.substr(0, first), .port = text.substr(first + 1)};
}

// RFC 6874: inside brackets the % before a zone is written %25, so that a zone named "25" survives.
std::string url_host(std::string_view host) {
  if (host.find(':') == std::string_view::npos) {
    return std::string(host);
  }
  const std::size_t percent = host.find('%');
  return percent == std::string_view::npos
             ? fmt::format("[{}]", host)
             : fmt::format("[{}%25{}]", host.substr(0, percent), host.substr(percent + 1));
}

std::string authority_text(std::string_view host, std::uint16_t port) {
  return fmt::format("{}:{}", url_host(host), port);
}

std::string Target::authority() const {
  return authority_text(host, port);
}

std::string Target::url() const {
  const auto* const known = std::find_if(kSchemes.begin(), kSchemes.end(),
                                         [&](const Scheme& s) { return s.name == scheme; });
  if (known != kSchemes.end() && known->port == port) {
    return fmt::format("{}://{}{}", scheme, url_host(host), path);
  }
  return fmt::format("{}://{}{}", scheme, authority(), path);
}

Result<Target> parse_target(std::string_view text, const TargetRules& rules) {
  text = trimmed(text);
  if (text.empty()) {
    return bad_target("no target was given", "write for example https://example.com");
  }
  if (text.size() > kMaxTextBytes) {
    return bad_target(fmt::format("the target is {} bytes long", text.size()),
                      "give the host alone, for example https://example.com");
  }
  const Scheme* scheme = kSchemes.data();
  std::string_view rest = text;
  const std::size_t separator = text.find("://");
  const bool has_scheme =
      separator != std::string_view::npos && is_scheme_text(text.substr(0, separator));
  if (has_scheme) {
    MEDIC_TRY(scheme, find_scheme(text.substr(0, separator)));
    rest = text.substr(separator + 3);
  }
  const std::size_t authority_end = std::min(rest.find_first_of("/?#\\"), rest.size());
  std::string_view authority = rest.substr(0, authority_end);
  // The last @ ends the userinfo, so a password with an @ in it does not leak into the host.
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    authority.remove_prefix(at + 1);
  }
  if (has_control_or_blank(authority)) {
    return bad_target(fmt::format("the host '{}' contains white space or control characters",
                                  escaped(authority, 80)),
                      "give one target at a time, for example https://example.com");
  }
  if (!has_scheme && authority.ends_with(':') && rest.substr(authority_end).starts_with('/')) {
    return bad_target(fmt::format("'{}' is followed by one slash", escaped(authority, 32)),
                      "write two slashes after the scheme: https://example.com");
  }
  // A password with an unescaped slash ends up before the "host" ends; it must not be shown.
  const bool may_show_password = rest.find('@', authority_end) != std::string_view::npos;
  auto place = parse_place(authority, scheme->port);
  if (!place && may_show_password) {
    return bad_target("the part before @ contains a character that ends it, or the path contains @",
                      "give the host alone, for example https://example.com");
  }
  MEDIC_TRY(Place found, std::move(place));
  Host& host = found.host;

  Target target;
  target.scheme = scheme->name;
  target.host = std::move(host.ascii);
  target.unicode_host = std::move(host.unicode);
  target.kind = host.kind;
  target.rooted = host.rooted;
  target.port = found.port;
  target.path = path_of(rest.substr(authority_end));
  target.security = scheme->security;
  target.starttls = scheme->starttls;
  if (!has_scheme && rules.starttls_by_port == StartTlsByPort::Yes) {
    target.starttls = starttls_of_port(found.port);
    if (!target.starttls.empty()) {
      target.security = Security::StartTls;
    }
  }
  return target;
}

}  // namespace medic::target
