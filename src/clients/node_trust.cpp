#include "clients/node_trust.h"

#include <charconv>

#include "clients/library_text.h"
#include "clients/openssl_defaults.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

// Installations keep their headers beside the program: reading them is cheaper than searching 100
// MB. "#define NODE_MAJOR_VERSION 20".
std::string version_of(const Machine& machine, std::string_view path) {
  const std::string prefix(machine::parent(machine::parent(path)));
  const auto text = machine.read(prefix + "/include/node/node_version.h");
  if (!text) {
    constexpr std::string_view kMark = "https://nodejs.org/download/release/v";
    const auto found = version_after(program_text(machine, path), kMark);
    return found ? found->substr(0, found->find('/')) : std::string();
  }
  std::string version;
  for (const std::string_view part : {"MAJOR", "MINOR", "PATCH"}) {
    const auto number = version_after(*text, "#define NODE_" + std::string(part) + "_VERSION ");
    version += (version.empty() ? "" : ".") + number.value_or("0");
  }
  return version;
}

int major_of(std::string_view version) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major;
}

bool has_option(const Machine& machine, std::string_view option) {
  return machine.variable("NODE_OPTIONS").value_or("").find(option) != std::string::npos;
}

}  // namespace

NodeRuntime node_runtime_at(const Machine& machine, const std::string& path) {
  return {.path = path, .version = version_of(machine, path)};
}

std::optional<NodeRuntime> node_runtime(const Machine& machine) {
  const auto path = machine.program("node");
  return path ? std::optional(node_runtime_at(machine, *path)) : std::nullopt;
}

std::string node_profile(const NodeRuntime& node) {
  const int major = major_of(node.version);
  return major >= 24   ? "node-24"
         : major >= 22 ? "node-22"
         : major >= 20 ? "node-20"
         : major >= 18 ? "node-18"
                       : "";
}

void add_node_trust(Survey& survey, const NodeRuntime& node, RuleList& rules) {
  const Machine& machine = survey.machine();
  const bool openssl_store = has_option(machine, "--use-openssl-ca");
  const bool system_store =
      has_option(machine, "--use-system-ca") || machine.variable("NODE_USE_SYSTEM_CA") == "1";
  const bool replaced = rules.decided();
  if (openssl_store && !replaced) {
    // Debian's build looks where the system's OpenSSL does; nodejs.org's is configured so too.
    add_openssl_defaults(survey, {.directory = "/etc/ssl"}, rules.trust());
  } else {
    const std::string options = machine.variable("NODE_OPTIONS").value_or("");
    const bool about_trust = options.find("-ca") != std::string::npos;
    rules.trust().trace.push_back({.kind = RuleKind::Variable,
                                   .name = "NODE_OPTIONS",
                                   .value = options,
                                   .origin = {.variable = "NODE_OPTIONS"},
                                   .outcome = about_trust ? Outcome::Chose : Outcome::NotSet});
    rules.own(RuleKind::CompiledIn, "Mozilla roots of Node.js", {.kind = PartKind::Mozilla});
  }
  // Since 23.8, and in 22 from 22.15 on (nodejs.org, cli.html).
  if (system_store && major_of(node.version) >= 22 && !replaced) {
    rules.own(RuleKind::SystemStore, "--use-system-ca",
              {.kind = PartKind::Bundle, .path = survey.system_bundle()}, Effect::Adds);
  }
  // A file that cannot be read is warned about and left out.
  rules.variable("NODE_EXTRA_CA_CERTS", {.effect = replaced ? Effect::Replaces : Effect::Adds,
                                         .if_broken = Outcome::Broken});
}

void check_node_rejects(const Machine& machine, Client& client) {
  constexpr std::string_view kName = "NODE_TLS_REJECT_UNAUTHORIZED";
  if (machine.variable(kName) == "0") {
    switch_off(client, kName, {.variable = std::string(kName)});
  }
}

std::string package_json_version(const Machine& machine, std::string_view program) {
  std::string directory = machine.resolve(program).value_or(std::string(program));
  // <package>/bin/npm-cli.js, <package>/lib/cli.js, <package>/cli.js
  for (int up = 0; up < 3; ++up) {
    directory = machine::parent(directory);
    const std::string file = directory + "/package.json";
    if (const auto text = machine.read(file)) {
      const settings::Document document = settings::read_json(file, *text);
      const settings::Entry* const version = document.find({"version"});
      return version == nullptr ? std::string() : version->value;
    }
  }
  return {};
}

}  // namespace medic::clients
