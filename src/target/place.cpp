#include "target/place.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "target/target.h"

namespace medic::target {
namespace {

// A larger IPv6 network is a mistake: nobody can walk it.
constexpr unsigned kMostHostBits = 32;

std::unexpected<Error> not_a_place(std::string_view line, std::string_view why) {
  return fail(ErrorKind::Usage, fmt::format("'{}': {}", escaped(line, 80), why),
              "this line is left out", "tlsmedic scan --help");
}

unsigned width(const IpAddress& address) {
  return address.v6 ? 128 : 32;
}

void step(IpAddress& address) {
  for (std::size_t i = width(address) / 8; i-- > 0;) {
    if (++address.octets[i] != 0) {
      return;
    }
  }
}

std::uint64_t low_bits(const IpAddress& address) {
  std::uint64_t value = 0;
  const std::size_t octets = width(address) / 8;
  for (std::size_t i = octets - std::min<std::size_t>(octets, 8); i < octets; ++i) {
    value = value << 8U | address.octets[i];
  }
  return value;
}

std::optional<unsigned> number(std::string_view text, unsigned most) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value > most) {
    return std::nullopt;
  }
  return value;
}

std::optional<IpAddress> address_of(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
  }
  return parse_ip(text);
}

struct AddressRange {
  IpAddress first;
  std::uint64_t count = 1;
};

// "192.0.2.0/24", "[2001:db8::]/120"; the address may be any of the network.
std::optional<AddressRange> network_of(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  auto address = slash == std::string_view::npos ? std::nullopt : address_of(text.substr(0, slash));
  if (!address) {
    return std::nullopt;
  }
  const auto bits = number(text.substr(slash + 1), width(*address));
  if (!bits || width(*address) - *bits > kMostHostBits) {
    return std::nullopt;
  }
  for (unsigned bit = *bits; bit < width(*address); ++bit) {
    address->octets[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  }
  return AddressRange{.first = *address, .count = std::uint64_t{1} << (width(*address) - *bits)};
}

// "192.0.2.1-192.0.2.40", "192.0.2.1-40".
std::optional<AddressRange> span_of(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first =
      dash == std::string_view::npos ? std::nullopt : address_of(text.substr(0, dash));
  if (!first) {
    return std::nullopt;
  }
  const std::string_view end = text.substr(dash + 1);
  auto last = address_of(end);
  if (const auto octet = number(end, 255); !last && octet && !first->v6) {
    last = first;
    last->octets[3] = static_cast<std::uint8_t>(*octet);
  }
  const bool together = last && last->v6 == first->v6 && low_bits(*last) >= low_bits(*first) &&
                        (!first->v6 || std::equal(first->octets.begin(), first->octets.begin() + 8,
                                                  last->octets.begin()));
  if (!together || low_bits(*last) - low_bits(*first) >= std::uint64_t{1} << kMostHostBits) {
    return std::nullopt;
  }
  return AddressRange{.first = *first, .count = low_bits(*last) - low_bits(*first) + 1};
}

// Takes ":8443" off the end of a network or span.
Result<std::optional<std::uint16_t>> take_port(std::string_view& text) {
  const std::size_t colon = text.rfind(':');
  const std::size_t mark = text.find_last_of("/-]");
  if (colon == std::string_view::npos || mark == std::string_view::npos || colon < mark) {
    return std::nullopt;
  }
  MEDIC_TRY(const std::uint16_t port, parse_port(text.substr(colon + 1)));
  text = text.substr(0, colon);
  return port;
}

bool looks_like_protocol(std::string_view id) {
  return !id.empty() &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string_view::npos;
}

// A host, a URL, or "name@address".
Result<Place> single_place(std::string_view text, const PlaceRules& rules) {
  Place place;
  const bool url = text.find("://") != std::string_view::npos;
  std::string whole(text);
  const std::size_t at = url ? std::string_view::npos : text.find('@');
  if (at != std::string_view::npos) {
    // The port stands behind the address: "name@192.0.2.1:8443".
    MEDIC_TRY(const Authority authority, split_authority(text.substr(at + 1)));
    const auto address = address_of(authority.host);
    if (!address) {
      return not_a_place(text, "what stands behind the @ is no address");
    }
    place.address = ip_text(*address);
    whole = std::string(text.substr(0, at));
    if (authority.port) {
      whole += ":" + std::string(*authority.port);
    }
  }
  MEDIC_TRY(const Target parsed, parse_target(whole));
  const bool has_port = url || parsed.port != 443 || whole.ends_with(":443");
  place.host = parsed.host;
  place.port = has_port ? parsed.port : rules.port;
  place.starttls = parsed.starttls;
  if (parsed.kind != HostKind::Dns && place.address.empty()) {
    place.address = parsed.host;
  }
  return place;
}

}  // namespace

std::string Place::text() const {
  const std::string at = address.empty() || address == host ? "" : url_host(address);
  std::string out = starttls.empty() ? "" : starttls + "+starttls:";
  out +=
      at.empty() ? authority_text(host, port) : fmt::format("{}@{}:{}", url_host(host), at, port);
  return out;
}

Result<Places> Places::parse(std::string_view line, const PlaceRules& rules) {
  Places places;
  std::string_view text = line;
  // As text() writes it.
  std::string starttls = rules.starttls;
  if (const std::size_t mark = text.find("+starttls:"); mark != std::string_view::npos) {
    starttls = text.substr(0, mark);
    if (!looks_like_protocol(starttls)) {
      return not_a_place(line, "what stands before +starttls: is no protocol");
    }
    text = text.substr(mark + 10);
  }
  std::string_view ranged = text;
  const bool url = text.find("://") != std::string_view::npos;
  if (!url && text.find_first_of("/-") != std::string_view::npos) {
    MEDIC_TRY(const std::optional<std::uint16_t> port, take_port(ranged));
    auto range = network_of(ranged);
    range = range ? range : span_of(ranged);
    if (range) {
      places.pattern_.port = port.value_or(rules.port);
      places.at_ = range->first;
      places.count_ = range->count;
    } else if (address_of(ranged.substr(0, ranged.find_first_of("/-")))) {
      return not_a_place(line, "not a network or range that can be walked");
    }
  }
  if (!places.at_) {
    MEDIC_TRY(places.pattern_, single_place(text, rules));
  }
  if (places.pattern_.starttls.empty()) {
    places.pattern_.starttls =
        starttls == "auto" ? std::string(starttls_of_port(places.pattern_.port)) : starttls;
  }
  return places;
}

std::optional<Place> Places::next() {
  if (count_ == 0) {
    return std::nullopt;
  }
  --count_;
  Place place = pattern_;
  if (at_) {
    place.host = ip_text(*at_);
    place.address = place.host;
    step(*at_);
  }
  return place;
}

Result<void> Exclusions::add(std::string_view text) {
  if (const auto address = address_of(text)) {
    networks_.push_back({.network = *address, .bits = width(*address)});
    return {};
  }
  const std::size_t slash = text.rfind('/');
  if (slash != std::string_view::npos) {
    const auto address = address_of(text.substr(0, slash));
    const auto bits = address ? number(text.substr(slash + 1), width(*address)) : std::nullopt;
    if (!bits) {
      return not_a_place(text, "not a network");
    }
    networks_.push_back({.network = *address, .bits = *bits});
    return {};
  }
  Name name;
  name.wildcard = text.starts_with("*.");
  MEDIC_TRY(const Authority authority, split_authority(name.wildcard ? text.substr(2) : text));
  if (authority.port) {
    MEDIC_TRY(name.port, parse_port(*authority.port));
  }
  MEDIC_TRY(const Host host, parse_host(authority.host));
  name.suffix = (name.wildcard ? "." : "") + host.ascii;
  names_.push_back(std::move(name));
  return {};
}

bool Exclusions::covers_address(std::string_view address) const {
  const auto parsed = networks_.empty() ? std::nullopt : parse_ip(address);
  return parsed && std::ranges::any_of(networks_, [&](const Network& one) {
           return in_prefix(*parsed, one.network, one.bits);
         });
}

bool Exclusions::covers(const Place& place) const {
  const bool named = std::ranges::any_of(names_, [&](const Name& one) {
    return (one.port == 0 || one.port == place.port) &&
           (one.wildcard ? place.host.ends_with(one.suffix) : place.host == one.suffix);
  });
  return named || (!place.address.empty() && covers_address(place.address));
}

}  // namespace medic::target
