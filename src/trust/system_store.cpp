#include <fmt/core.h>

#include <array>
#include <filesystem>
#include <string_view>

#include "trust/anchors.h"
#include "trust/sources.h"

namespace medic::trust {
namespace {

// Where systems keep the bundle that the distribution's tools write, in the order in which they are
// tried. Sources: Go's crypto/x509/root_linux.go, root_bsd.go and root_solaris.go; the man pages of
// update-ca-certificates(8) (Debian, Alpine, openSUSE), update-ca-trust(8) (RHEL, Fedora, Arch),
// certctl(8) (FreeBSD, NetBSD); OpenBSD's cert.pem. The real files come before compatibility links,
// except on Debian, whose name many systems copy.
constexpr auto kBundles = std::to_array<std::string_view>({
    "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Gentoo, Arch, Alpine, Nix
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL, Fedora, Amazon Linux
    "/etc/pki/tls/certs/ca-bundle.crt",                   // RHEL 6, Mageia
    "/etc/ca-certificates/extracted/tls-ca-bundle.pem",   // Arch
    "/var/lib/ca-certificates/ca-bundle.pem",             // SUSE
    "/etc/ssl/ca-bundle.pem",                             // SUSE, older
    "/etc/pki/tls/cacert.pem",                            // OpenELEC
    "/etc/ssl/cert.pem",                           // macOS, OpenBSD, Alpine base image, FreeBSD
    "/usr/local/etc/ssl/cert.pem",                 // FreeBSD port ca_root_nss
    "/usr/local/share/certs/ca-root-nss.crt",      // FreeBSD, DragonFly
    "/etc/openssl/certs/ca-certificates.crt",      // NetBSD
    "/etc/certs/ca-certificates.crt",              // Solaris 11.2 and later
    "/opt/homebrew/etc/ca-certificates/cert.pem",  // Homebrew on Apple silicon
    "/usr/local/etc/ca-certificates/cert.pem",     // Homebrew on Intel
});

// Only looked at when there is no bundle.
constexpr auto kDirectories = std::to_array<std::string_view>({
    "/etc/ssl/certs",  // Debian, SUSE, Alpine, FreeBSD 12.2 and later
    "/etc/pki/ca-trust/extracted/pem/directory-hash",  // Fedora
    "/etc/openssl/certs",                              // NetBSD
    "/system/etc/security/cacerts",                    // Android
});

}  // namespace

std::span<const std::string_view> system_bundle_paths() {
  return kBundles;
}

Result<AnchorSetPtr> system_anchors(const std::string& root) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  std::string looked_at;
  for (const std::string_view path : kBundles) {
    const std::string full = root + std::string(path);
    if (fs::exists(full, ignored)) {
      return open_file("system", full);
    }
    looked_at += fmt::format("{}{}", looked_at.empty() ? "" : ", ", full);
  }
  for (const std::string_view path : kDirectories) {
    const std::string full = root + std::string(path);
    if (fs::is_directory(full, ignored) && !fs::is_empty(full, ignored)) {
      return open_directory("system", full);
    }
    looked_at += ", " + full;
  }
  return fail(ErrorKind::Io, fmt::format("this system has no CA bundle: looked at {}", looked_at),
              "without one, clients that use the system's store trust no server",
              "install the package ca-certificates, or judge by --roots mozilla");
}

}  // namespace medic::trust
