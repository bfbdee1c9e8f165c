#include "clients/go_trust.h"

#include <algorithm>
#include <array>

#include "binary/traces.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

// crypto/x509/root_linux.go of Go 1.26; SSL_CERT_FILE and SSL_CERT_DIR: root_unix.go.
constexpr auto kFiles = std::to_array<std::string_view>({
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
});
constexpr auto kDirectories =
    std::to_array<std::string_view>({"/etc/ssl/certs", "/etc/pki/tls/certs"});

// Program headers stand right behind the header; the block is among the first bytes of a writable
// segment (207 KB into it in a program that lld linked).
constexpr std::size_t kHeaderBytes = 4096;
constexpr std::size_t kWindowBytes = std::size_t{256} << 10U;

}  // namespace

std::string go_version_of(const Machine& machine, std::string_view path) {
  const auto header = machine.read_part(path, 0, kHeaderBytes);
  if (!header) {
    return {};
  }
  std::vector<std::uint64_t> starts = binary::writable_segments(as_bytes(*header));
  if (starts.empty()) {
    starts.push_back(0);  // another format: what stands at its beginning
  }
  for (const std::uint64_t start : starts) {
    const auto window = machine.read_part(path, start, kWindowBytes);
    const auto build = window ? binary::find_go_build(as_bytes(*window)) : std::nullopt;
    if (build) {
      return build->version;
    }
  }
  return {};
}

std::string go_profile(std::string_view version) {
  return version.empty() ? std::string() : std::string("go");
}

void add_go_trust(Survey& survey, RuleList& rules) {
  const Machine& machine = survey.machine();
  if (machine.family() != Family::Linux) {
    for (const std::string_view name : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
      const std::string value = machine.variable(name).value_or("");
      rules.trust().trace.push_back(
          {.kind = RuleKind::Variable,
           .name = std::string(name),
           .value = value,
           .origin = {.variable = std::string(name)},
           .outcome = value.empty() ? Outcome::NotSet : Outcome::Ignored});
    }
    const bool windows = machine.family() == Family::Windows;
    rules.own(RuleKind::SystemStore, windows ? "windows" : "keychain",
              {.kind = windows ? PartKind::WindowsStore : PartKind::MacKeychain});
    return;
  }
  if (rules.decided()) {
    return;
  }
  // The file and the directories are two lists, each with a variable of its own.
  RuleList files(survey, rules.trust());
  files.variable("SSL_CERT_FILE", {.if_broken = Outcome::Broken});
  if (machine.variable("SSL_CERT_FILE").value_or("").empty()) {
    const auto found =
        std::ranges::find_if(kFiles, [&](std::string_view file) { return machine.is_file(file); });
    files.own(RuleKind::SystemStore, "certFiles",
              {.kind = PartKind::Bundle,
               .path = std::string(found == kFiles.end() ? kFiles.front() : *found)});
  }
  files.path_list(
      "SSL_CERT_DIR",
      {.kind = PartKind::PlainDirectory, .effect = Effect::Adds, .if_broken = Outcome::Broken});
  if (machine.variable("SSL_CERT_DIR").value_or("").empty()) {
    for (const std::string_view directory : kDirectories) {
      files.own(RuleKind::SystemStore, "certDirectories",
                {.kind = PartKind::PlainDirectory, .path = std::string(directory)}, Effect::Adds);
    }
  }
  rules.decide();
}

}  // namespace medic::clients
