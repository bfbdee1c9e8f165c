// uv: rustls with a Mozilla list inside. SSL_CERT_FILE and SSL_CERT_DIR stand in its place, else
// the system's store where --system-certs (--native-tls) is set. From 0.12 a path that cannot be
// used leaves nothing trusted; before, the default list stayed (uv, crates/uv-client; CHANGELOG).

#include <algorithm>
#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

// The receipt of the standalone installer, else the package of a Python.
std::string version_of(Survey& survey, const std::string& path) {
  const Machine& machine = survey.machine();
  const std::string receipt = config_home(machine) + "/uv/uv-receipt.json";
  if (const auto text = machine.read(receipt)) {
    const settings::Document document = settings::read_json(receipt, *text);
    if (const settings::Entry* const version = document.find({"version"})) {
      return version->value;
    }
  }
  const std::string directory(machine::parent(machine.resolve(path).value_or(path)));
  for (const Python& python : survey.pythons()) {
    const auto package = machine::parent(python.executable) == directory
                             ? python_package(machine, python, "uv")
                             : std::nullopt;
    if (package) {
      return package->version;
    }
  }
  return {};
}

std::vector<settings::Document> settings_of(const Machine& machine) {
  const std::string named = machine.variable("UV_CONFIG_FILE").value_or("");
  std::vector<std::string> files = {
      machine.family() == Family::Windows ? "C:/ProgramData/uv/uv.toml" : "/etc/uv/uv.toml",
      (machine.family() == Family::MacOs ? xdg_config_home(machine) : config_home(machine)) +
          "/uv/uv.toml"};
  if (!named.empty()) {
    files = {machine.joined({}, named)};
  }
  return documents_of(machine, files, settings::read_toml);
}

std::optional<Setting> system_certs(const Machine& machine,
                                    const std::vector<settings::Document>& documents) {
  for (const std::string_view name : {"UV_SYSTEM_CERTS", "UV_NATIVE_TLS"}) {
    if (const auto set = variable_setting(machine, name)) {
      return set;
    }
  }
  const auto found = last_setting(documents, {"system-certs"});
  return found ? found : last_setting(documents, {"native-tls"});
}

void add_default(Survey& survey, const std::optional<Setting>& system, RuleList& rules) {
  if (!system || !says_yes(system->value)) {
    rules.own(RuleKind::CompiledIn, "webpki-roots", {.kind = PartKind::Mozilla});
    return;
  }
  switch (survey.machine().family()) {
    case Family::Windows:
      rules.own(RuleKind::SystemStore, "system-certs", {.kind = PartKind::WindowsStore});
      break;
    case Family::MacOs:
      rules.own(RuleKind::SystemStore, "system-certs", {.kind = PartKind::MacKeychain});
      break;
    case Family::Linux:
      rules.own(RuleKind::SystemStore, "system-certs",
                {.kind = PartKind::Bundle, .path = survey.system_bundle()});
      break;
  }
}

// Entries of a list, or words of the variable.
void check_hosts(const Machine& machine, const std::vector<settings::Document>& documents,
                 Client& client) {
  if (const auto hosts = variable_setting(machine, "UV_INSECURE_HOST")) {
    switch_off_for(client, "UV_INSECURE_HOST", hosts->origin, hosts->value);
  }
  for (const settings::Document& document : documents) {
    for (const settings::Entry& entry : document.entries) {
      if (!entry.path.empty() && entry.path[0] == "allow-insecure-host" &&
          entry.kind != settings::ValueKind::Empty) {
        switch_off_for(client, "allow-insecure-host", {.file = document.file, .line = entry.line},
                       entry.value);
      }
    }
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const std::string& path : machine.programs("uv")) {
    Client client{.kind = "uv",
                  .version = version_of(survey, path),
                  .path = path,
                  .tls_library = "rustls",
                  .profile = "rustls"};
    const auto documents = settings_of(machine);
    const bool strict = client.version.empty() || compare_versions(client.version, "0.12") >= 0;
    const Outcome if_broken = strict ? Outcome::Fatal : Outcome::Broken;
    RuleList rules(survey, client.trust);
    rules.variable("SSL_CERT_FILE", {.if_broken = if_broken});
    const bool file = rules.decided();
    const Outcome of_directories = file ? Outcome::Broken : if_broken;
    const bool reads_directories =
        client.version.empty() || compare_versions(client.version, "0.9.10") >= 0;
    const bool directories = !machine.variable("SSL_CERT_DIR").value_or("").empty();
    if (reads_directories) {
      rules.path_list(
          "SSL_CERT_DIR",
          {.kind = PartKind::PlainDirectory, .effect = Effect::Adds, .if_broken = of_directories});
    }
    if (!file && reads_directories && directories && (strict || !client.trust.parts.empty())) {
      rules.decide();
    }
    add_default(survey, system_certs(machine, documents), rules);
    check_hosts(machine, documents, client);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_uv{.id = "uv", .detect = detect};

}  // namespace medic::clients
