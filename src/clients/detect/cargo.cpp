// cargo: libcurl and OpenSSL inside. CARGO_HTTP_CAINFO, else http.cainfo, else SSL_CERT_FILE, takes
// the place of the file that openssl-probe finds; the probed directory is read besides (run with
// 1.95: on Debian another file still leaves every root of the system trusted).

#include <array>
#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/openssl_defaults.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

// openssl-probe, probe(): the first that exists of either list (those of Linux distributions).
std::string probed_directory(const Machine& machine) {
  for (const std::string_view path : {"/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/ssl"}) {
    if (machine.is_directory(path)) {
      return std::string(path);
    }
  }
  return {};
}

std::string cargo_home(const Machine& machine) {
  const std::string named = machine.variable("CARGO_HOME").value_or("");
  return named.empty() ? home_of(machine) + "/.cargo" : machine.joined({}, named);
}

// The newest toolchain that rustup holds, by name: "stable-x86_64-…" tells no version.
std::string version_of(const Machine& machine) {
  std::string found;
  for (const std::string& path : machine.glob(home_of(machine) + "/.rustup/toolchains/*")) {
    const std::string_view name = machine::base_name(path);
    if (!name.empty() && name.front() >= '0' && name.front() <= '9') {
      found = name.substr(0, name.find('-'));
    }
  }
  return found;
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const auto path = machine.program("cargo");
  if (!path) {
    return;
  }
  Client client{.kind = "cargo",
                .version = version_of(machine),
                .path = *path,
                .tls_library = machine.family() == Family::Windows ? "Schannel" : "OpenSSL",
                .profile = machine.family() == Family::Windows ? "" : "curl"};
  const std::vector<std::string> files = {cargo_home(machine) + "/config",
                                          cargo_home(machine) + "/config.toml"};
  auto cainfo = last_setting(documents_of(machine, files, settings::read_toml), {"http", "cainfo"});
  if (cainfo) {
    // Relative to the directory above the one of the file (cargo, config reference).
    cainfo->value = machine.joined(machine::parent(cargo_home(machine)), cainfo->value);
  }
  RuleList rules(survey, client.trust);
  rules.variable("CARGO_HTTP_CAINFO");
  rules.setting("http.cainfo", cainfo);
  switch (machine.family()) {
    case Family::Windows:
      rules.own(RuleKind::SystemStore, "windows", {.kind = PartKind::WindowsStore});
      break;
    case Family::MacOs:
      rules.own(RuleKind::SystemStore, "keychain", {.kind = PartKind::MacKeychain});
      break;
    case Family::Linux:
      rules.variable("SSL_CERT_FILE", {.if_broken = Outcome::Broken});
      rules.own(RuleKind::SystemStore, "openssl-probe",
                {.kind = PartKind::Bundle, .path = survey.system_bundle()});
      if (!machine.variable("SSL_CERT_DIR").value_or("").empty()) {
        rules.path_list("SSL_CERT_DIR", {.kind = PartKind::HashedDirectory,
                                         .effect = Effect::Adds,
                                         .if_broken = Outcome::Broken});
      } else {
        rules.own(RuleKind::SystemStore, "openssl-probe",
                  {.kind = PartKind::HashedDirectory, .path = probed_directory(machine)},
                  Effect::Adds);
      }
      break;
  }
  survey.add(std::move(client));
}

}  // namespace

extern constinit const Detector detector_cargo{.id = "cargo", .detect = detect};

}  // namespace medic::clients
