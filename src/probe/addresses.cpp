#include "probe/addresses.h"

#include "target/ip_address.h"

namespace medic::probe {
namespace {

using evidence::AddressFamily;

target::Family family_of(AddressFamily family) {
  switch (family) {
    case AddressFamily::Any:
      return target::Family::Any;
    case AddressFamily::Ipv4:
      return target::Family::Ipv4;
    case AddressFamily::Ipv6:
      return target::Family::Ipv6;
  }
  return target::Family::Any;
}

}  // namespace

evidence::Resolution Addresses::of(const std::string& host, std::uint16_t port,
                                   AddressFamily family) {
  if (target::parse_ip(host)) {
    return {.host = host, .family = family, .addresses = {host}};
  }
  if (const auto* known = target::find_override(rules_.resolve, host, port)) {
    std::vector<std::string> addresses = target::of_family(known->addresses, family_of(family));
    if (!addresses.empty()) {
      return {.host = host, .family = family, .addresses = std::move(addresses)};
    }
  }
  const auto kept = resolved_.find({host, family});
  if (kept != resolved_.end()) {
    return kept->second;
  }
  evidence::Resolution found = resolve_with(rules_.lookup, host, family, rules_.limits);
  if (found.error.empty()) {
    resolved_.emplace(std::pair(host, family), found);
  }
  return found;
}

}  // namespace medic::probe
