#include <fmt/core.h>
#include <idn2.h>

#include <algorithm>
#include <memory>

#include "base/bytes.h"
#include "target/ip_address.h"
#include "target/target.h"

namespace medic::target {
namespace {

struct Idn2Free {
  void operator()(char* text) const noexcept { idn2_free(text); }
};
using IdnText = std::unique_ptr<char, Idn2Free>;

std::unexpected<Error> bad_host(std::string_view host, std::string_view problem,
                                std::string next_step = {}) {
  return fail(ErrorKind::Usage, fmt::format("host '{}' {}", escaped(host, 80), problem),
              "no connection can be made to it", std::move(next_step));
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// UTS #46, non-transitional (as browsers and IDNA2008): "faß.de" keeps its ß.
Result<std::string> to_ascii(std::string_view host) {
  const std::string input(host);
  char* raw = nullptr;
  const int status = idn2_to_ascii_8z(input.c_str(), &raw, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
  const IdnText out(raw);
  if (status != IDN2_OK) {
    return bad_host(host,
                    fmt::format("is not a valid international name ({})", idn2_strerror(status)));
  }
  return std::string(out.get());
}

std::string to_unicode(const std::string& ascii) {
  if (ascii.find("xn--") == std::string::npos) {
    return ascii;
  }
  char* raw = nullptr;
  const int status = idn2_to_unicode_8z8z(ascii.c_str(), &raw, IDN2_NONTRANSITIONAL);
  const IdnText out(raw);
  return status == IDN2_OK ? std::string(out.get()) : ascii;
}

bool is_numeric_label(std::string_view label) {
  return !label.empty() &&
         std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// RFC 1035 sizes; letters, digits and hyphen as RFC 1123, and the underscore that many internal
// names have although no host name should.
Result<void> check_labels(std::string_view name) {
  if (name.size() > 253) {
    return bad_host(name, "is longer than 253 characters");
  }
  std::string_view last;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    last = name.substr(begin, end - begin);
    if (last.empty()) {
      return bad_host(name, "has an empty label (two dots in a row, or a dot at the start)");
    }
    if (last.size() > 63) {
      return bad_host(name, "has a label longer than 63 characters");
    }
    if (last.find('*') != std::string_view::npos) {
      return bad_host(name, "is a wildcard", "name one host that the wildcard covers");
    }
    for (const char c : last) {
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_') {
        return bad_host(name, fmt::format("contains '{}', which no host name may",
                                          escaped(std::string_view(&c, 1))));
      }
    }
    begin = end + 1;
  }
  if (is_numeric_label(last)) {
    return bad_host(name, "ends in a number but is not an IPv4 address",
                    "write all four parts of the address, for example 127.0.0.1");
  }
  return {};
}

Host address_host(const IpAddress& address) {
  const std::string text = ip_text(address);
  return Host{.ascii = text,
              .unicode = text,
              .kind = address.v6 ? HostKind::Ipv6 : HostKind::Ipv4,
              .rooted = false};
}

Result<Host> parse_v6_host(std::string_view text) {
  std::string inner(text);
  if (inner.front() == '[') {
    if (inner.size() < 2 || inner.back() != ']') {
      return bad_host(text, "has an unpaired bracket");
    }
    inner = inner.substr(1, inner.size() - 2);
    // RFC 6874 writes the zone's % as %25 inside a URL.
    if (const std::size_t zone = inner.find("%25"); zone != std::string::npos) {
      inner.erase(zone + 1, 2);
    }
  }
  const auto address = parse_ip(inner);
  if (!address || !address->v6) {
    return bad_host(text, "is not an IPv6 address",
                    "write an IPv6 address with a port as [2001:db8::1]:443");
  }
  return address_host(*address);
}

}  // namespace

Result<Host> parse_host(std::string_view text) {
  if (text.empty()) {
    return fail(ErrorKind::Usage, "the host is missing", "there is nothing to connect to",
                "write for example https://example.com");
  }
  if (text.size() > 1024) {
    return bad_host(text, "is longer than any host name");
  }
  if (text.front() == '[' || text.find(':') != std::string_view::npos) {
    return parse_v6_host(text);
  }
  if (const auto address = parse_ip(text)) {
    return address_host(*address);
  }
  std::string name = lower(text);
  if (!is_ascii(name)) {
    MEDIC_TRY(name, to_ascii(name));
    name = lower(name);
    if (const auto address = parse_ip(name)) {  // full-width digits map to an address
      return address_host(*address);
    }
  }
  Host host;
  if (name.size() > 1 && name.back() == '.') {
    host.rooted = true;
    name.pop_back();
  }
  if (auto checked = check_labels(name); !checked) {
    return std::unexpected(std::move(checked).error());
  }
  host.unicode = to_unicode(name);
  host.ascii = std::move(name);
  return host;
}

}  // namespace medic::target
