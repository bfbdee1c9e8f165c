#include <charconv>

#include "clients/detector.h"
#include "clients/library_text.h"
#include "clients/openssl_defaults.h"

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

std::string profile_of(int major) {
  return major >= 24   ? "node-24"
         : major >= 22 ? "node-22"
         : major >= 20 ? "node-20"
         : major >= 18 ? "node-18"
                       : "";
}

bool has_option(const Machine& machine, std::string_view option) {
  return machine.variable("NODE_OPTIONS").value_or("").find(option) != std::string::npos;
}

// NODE_EXTRA_CA_CERTS adds to whatever is read; a file that cannot be read is warned about.
void add_extra(Survey& survey, EffectiveTrust& trust) {
  const Machine& machine = survey.machine();
  Rule extra{.kind = RuleKind::Variable,
             .name = "NODE_EXTRA_CA_CERTS",
             .origin = {.variable = "NODE_EXTRA_CA_CERTS"}};
  const auto path = machine.variable("NODE_EXTRA_CA_CERTS");
  if (path && !path->empty()) {
    add_part(survey, std::move(extra),
             {.kind = PartKind::Bundle, .path = machine.joined({}, *path)}, trust);
  } else {
    trust.trace.push_back(std::move(extra));
  }
}

Client client_at(Survey& survey, const std::string& path) {
  const Machine& machine = survey.machine();
  Client client{.kind = "node", .version = version_of(machine, path), .path = path};
  const int major = major_of(client.version);
  client.profile = profile_of(major);
  const bool openssl_store = has_option(machine, "--use-openssl-ca");
  const bool system_store =
      has_option(machine, "--use-system-ca") || machine.variable("NODE_USE_SYSTEM_CA") == "1";
  const Rule switched{.kind = RuleKind::Variable,
                      .name = "NODE_OPTIONS",
                      .value = machine.variable("NODE_OPTIONS").value_or(""),
                      .origin = {.variable = "NODE_OPTIONS"}};
  if (openssl_store) {
    // Debian's build looks where the system's OpenSSL does; nodejs.org's is configured so too.
    add_openssl_defaults(survey, {.directory = "/etc/ssl"}, client.trust);
  } else {
    client.trust.trace.push_back(switched);
    add_part(survey, {.kind = RuleKind::CompiledIn, .name = "Mozilla roots of Node.js"},
             {.kind = PartKind::Mozilla}, client.trust);
  }
  // Since 23.8, and in 22 from 22.15 on (nodejs.org, cli.html).
  if (system_store && major >= 22) {
    add_part(survey, {.kind = RuleKind::SystemStore, .name = "--use-system-ca"},
             {.kind = PartKind::Bundle, .path = survey.system_bundle()}, client.trust);
  }
  add_extra(survey, client.trust);
  if (machine.variable("NODE_TLS_REJECT_UNAUTHORIZED") == "0") {
    client.trust.verifies = false;
    client.problems.push_back({.cause = "verification-disabled-on-purpose",
                               .id = "verification-off",
                               .subject = "NODE_TLS_REJECT_UNAUTHORIZED",
                               .origin = {.variable = "NODE_TLS_REJECT_UNAUTHORIZED"},
                               .facts = {{"name", "NODE_TLS_REJECT_UNAUTHORIZED"}}});
  }
  return client;
}

void detect(Survey& survey) {
  for (const std::string& path : survey.machine().programs("node")) {
    survey.add(client_at(survey, path));
  }
}

}  // namespace

extern constinit const Detector detector_node{.id = "node", .detect = detect};

}  // namespace medic::clients
