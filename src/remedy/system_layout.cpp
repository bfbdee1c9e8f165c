#include "remedy/system_layout.h"

#include <algorithm>
#include <array>

namespace medic::remedy {
namespace {

constexpr auto kLayouts = std::to_array<SystemLayout>({
    {.id = "alpine",
     .marker = "/etc/alpine-release",
     .anchors = "/usr/local/share/ca-certificates",
     .ending = ".crt",
     .bundle = "/etc/ssl/certs/ca-certificates.crt",
     .directory = "/etc/ssl/certs",
     .link_prefix = "ca-cert-",
     .directory_of_links = true,
     .keystore = "/etc/ssl/certs/java/cacerts",
     .tool = "update-ca-certificates",
     .removing_packaged =
         "a line '!NAME' in /etc/ca-certificates.conf, then update-ca-certificates",
     .source = "Alpine Linux, ca-certificates: update-ca.c"},
    {.id = "suse",
     .marker = "/etc/pki/trust/anchors",
     .anchors = "/etc/pki/trust/anchors",
     .ending = ".pem",
     .bundle = "/var/lib/ca-certificates/ca-bundle.pem",
     .directory = "/var/lib/ca-certificates/pem",
     .link_prefix = "",
     .directory_of_links = false,
     .keystore = "/var/lib/ca-certificates/java-cacerts",
     .tool = "update-ca-certificates",
     .removing_packaged = "a copy in /etc/pki/trust/blocklist, then update-ca-certificates",
     .source = "openSUSE, ca-certificates: update-ca-certificates(8)"},
    {.id = "fedora",
     .marker = "/etc/pki/ca-trust/source/anchors",
     .anchors = "/etc/pki/ca-trust/source/anchors",
     .ending = ".pem",
     .bundle = "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
     .directory = "/etc/pki/ca-trust/extracted/pem/directory-hash",
     .link_prefix = "",
     .directory_of_links = false,
     .keystore = "/etc/pki/ca-trust/extracted/java/cacerts",
     .tool = "update-ca-trust",
     .removing_packaged = "a copy in /etc/pki/ca-trust/source/blocklist, then update-ca-trust",
     .source = "Fedora, ca-certificates: update-ca-trust(8)"},
    {.id = "arch",
     .marker = "/etc/ca-certificates/trust-source/anchors",
     .anchors = "/etc/ca-certificates/trust-source/anchors",
     .ending = ".crt",
     .bundle = "/etc/ca-certificates/extracted/tls-ca-bundle.pem",
     .directory = "/etc/ca-certificates/extracted/cadir",
     .link_prefix = "",
     .directory_of_links = false,
     .keystore = "/etc/ca-certificates/extracted/java-cacerts.keystore",
     .tool = "update-ca-trust",
     .removing_packaged = "a copy in /etc/ca-certificates/trust-source/blocklist, then "
                          "update-ca-trust",
     .source = "Arch Linux, ca-certificates-utils: update-ca-trust(8)"},
    {.id = "debian",
     .marker = "/etc/ca-certificates.conf",
     .anchors = "/usr/local/share/ca-certificates",
     .ending = ".crt",
     .bundle = "/etc/ssl/certs/ca-certificates.crt",
     .directory = "/etc/ssl/certs",
     .link_prefix = "",
     .directory_of_links = true,
     .keystore = "/etc/ssl/certs/java/cacerts",
     .tool = "update-ca-certificates",
     .removing_packaged = "dpkg-reconfigure ca-certificates",
     .source = "Debian, ca-certificates: update-ca-certificates(8); ca-certificates-java"},
});

}  // namespace

const SystemLayout* system_layout(const machine::Machine& machine) {
  const auto* const found = std::ranges::find_if(
      kLayouts, [&](const SystemLayout& layout) { return machine.exists(layout.marker); });
  return found == kLayouts.end() ? nullptr : found;
}

}  // namespace medic::remedy
