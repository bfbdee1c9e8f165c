#include "target/overrides.h"

#include <fmt/core.h>

#include <array>

#include "base/bytes.h"
#include "target/ip_address.h"
#include "target/target.h"

namespace medic::target {
namespace {

// Splits off the text before the next colon that stands outside brackets.
std::optional<std::string_view> next_field(std::string_view& rest) {
  std::size_t from = 0;
  if (rest.starts_with('[')) {
    from = rest.find(']');
    if (from == std::string_view::npos) {
      return std::nullopt;
    }
  }
  const std::size_t colon = rest.find(':', from);
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view field = rest.substr(0, colon);
  rest.remove_prefix(colon + 1);
  return field;
}

std::unexpected<Error> bad_form(std::string_view option, std::string_view text,
                                std::string_view form) {
  return fail(ErrorKind::Usage,
              fmt::format("{} '{}' does not have the form {}", option, escaped(text, 80), form),
              "it is not clear where to connect",
              fmt::format("write {} {}", option,
                          option == "--resolve" ? "example.com:443:192.0.2.1"
                                                : "example.com:443:backend.internal:8443"));
}

Result<std::string> host_or_empty(std::string_view text) {
  if (text.empty()) {
    return std::string{};
  }
  MEDIC_TRY(Host host, parse_host(text));
  return std::move(host.ascii);
}

Result<std::uint16_t> port_or_zero(std::string_view text) {
  if (text.empty()) {
    return std::uint16_t{0};
  }
  return parse_port(text);
}

Result<std::string> address_in(std::string_view text) {
  std::string_view inner = text;
  if (inner.size() > 1 && inner.front() == '[' && inner.back() == ']') {
    inner = inner.substr(1, inner.size() - 2);
  }
  const auto address = parse_ip(inner);
  if (!address) {
    return fail(ErrorKind::Usage,
                fmt::format("--resolve address '{}' is not numeric", escaped(text, 80)),
                "the name would need a resolver again", "give an IPv4 or IPv6 address");
  }
  return ip_text(*address);
}

}  // namespace

Result<ResolveOverride> parse_resolve(std::string_view text) {
  constexpr std::string_view kForm = "HOST:PORT:ADDRESS[,ADDRESS]";
  std::string_view rest = text;
  if (rest.starts_with('-')) {
    return fail(ErrorKind::Usage, "--resolve with a leading '-' removes nothing here",
                "there is no cache of earlier answers", "leave the entry out");
  }
  if (rest.starts_with('+')) {
    rest.remove_prefix(1);
  }
  const auto host_text = next_field(rest);
  const auto port_text = host_text ? next_field(rest) : std::nullopt;
  if (!port_text || rest.empty()) {
    return bad_form("--resolve", text, kForm);
  }
  ResolveOverride out;
  if (*host_text == "*") {
    out.host = "*";
  } else {
    MEDIC_TRY(out.host, host_or_empty(*host_text));
    if (out.host.empty()) {
      return bad_form("--resolve", text, kForm);
    }
  }
  MEDIC_TRY(out.port, parse_port(*port_text));
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    MEDIC_TRY(std::string address, address_in(rest.substr(0, comma)));
    out.addresses.push_back(std::move(address));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return out;
}

Result<ConnectTo> parse_connect_to(std::string_view text) {
  constexpr std::string_view kForm = "HOST1:PORT1:HOST2:PORT2";
  std::string_view rest = text;
  std::array<std::string_view, 3> fields;
  for (std::string_view& field : fields) {
    const auto next = next_field(rest);
    if (!next) {
      return bad_form("--connect-to", text, kForm);
    }
    field = *next;
  }
  ConnectTo out;
  MEDIC_TRY(out.from_host, host_or_empty(fields[0]));
  MEDIC_TRY(out.from_port, port_or_zero(fields[1]));
  MEDIC_TRY(out.to_host, host_or_empty(fields[2]));
  MEDIC_TRY(out.to_port, port_or_zero(rest));
  return out;
}

const ResolveOverride* find_override(std::span<const ResolveOverride> overrides,
                                     std::string_view host, std::uint16_t port) {
  const ResolveOverride* exact = nullptr;
  const ResolveOverride* wildcard = nullptr;
  for (const ResolveOverride& o : overrides) {
    if (o.port != port) {
      continue;
    }
    if (o.host == host) {
      exact = &o;
    } else if (o.host == "*") {
      wildcard = &o;
    }
  }
  return exact != nullptr ? exact : wildcard;
}

std::vector<std::string> of_family(std::span<const std::string> addresses, Family family) {
  std::vector<std::string> out;
  for (const std::string& address : addresses) {
    const bool v6 = address.find(':') != std::string::npos;
    if (family == Family::Any || (family == Family::Ipv6) == v6) {
      out.push_back(address);
    }
  }
  return out;
}

HostPort connect_to(std::span<const ConnectTo> rules, std::string_view host, std::uint16_t port) {
  for (const ConnectTo& rule : rules) {
    if ((rule.from_host.empty() || rule.from_host == host) &&
        (rule.from_port == 0 || rule.from_port == port)) {
      return HostPort{.host = rule.to_host.empty() ? std::string(host) : rule.to_host,
                      .port = rule.to_port == 0 ? port : rule.to_port};
    }
  }
  return HostPort{.host = std::string(host), .port = port};
}

}  // namespace medic::target
