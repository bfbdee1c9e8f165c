#pragma once

// Products that re-sign TLS traffic, recognised by the names they write into issuers. A recognised
// name is a label for a person to go and ask, never proof: anybody can put any name into a
// certificate, and some vendors also run ordinary services under certificates with their name. What
// proves interception is an experiment (the same host answers with another chain around the proxy,
// or the root is in no public programme and signs unrelated hosts).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/loader.h"

namespace medic::catalogue {

enum class VendorKind { Appliance, Antivirus, Vpn, DeveloperTool };
std::string_view vendor_kind_id(
    VendorKind kind);  // "appliance", "antivirus", "vpn", "developer-tool"

struct Vendor {
  std::string name;
  VendorKind kind = VendorKind::Appliance;
  std::vector<std::string>
      patterns;            // lower case; any of them inside the issuer text recognises it
  std::string source;      // where the pattern was seen
  std::string confidence;  // "documented", "reported", "name" (the plain vendor name)
};

// From data/vendors/interception.toml, in the order of the file: the first match wins.
const std::vector<Vendor>& all_vendors();

// `issuer_text` is the issuer's (or the root's) CN, O and OU in any form. ASCII letters match in
// either case; Hangul matches as it stands.
std::optional<Vendor> recognise(std::string_view issuer_text);

std::vector<Vendor> parse_vendors(const EmbeddedFile& file, Problems& problems);

}  // namespace medic::catalogue
