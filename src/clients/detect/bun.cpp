// Bun: a Mozilla list inside, and what OpenSSL's variables and default paths name besides, with
// "/etc/ssl" for a home; NODE_EXTRA_CA_CERTS adds (run with Bun 1.4). `install.cafile` of bunfig
// counts for `bun install` alone.

#include "clients/detector.h"
#include "clients/node_trust.h"
#include "clients/openssl_defaults.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const std::string& path : machine.programs("bun")) {
    Client client{.kind = "bun",
                  .version = package_json_version(machine, path),
                  .path = path,
                  .tls_library = "BoringSSL"};
    RuleList rules(survey, client.trust);
    rules.own(RuleKind::CompiledIn, "Mozilla roots of Bun", {.kind = PartKind::Mozilla});
    if (machine.family() == machine::Family::Linux) {
      add_openssl_defaults(survey, {.directory = "/etc/ssl"}, client.trust);
    }
    rules.variable("NODE_EXTRA_CA_CERTS", {.effect = Effect::Adds, .if_broken = Outcome::Broken});
    check_node_rejects(machine, client);
    const std::vector<std::string> files = {home_of(machine) + "/.bunfig.toml"};
    const auto cafile =
        last_setting(documents_of(machine, files, settings::read_toml), {"install", "cafile"});
    if (cafile && !survey.trouble({.path = machine.expanded(cafile->value)}).empty()) {
      // "HTTPThread: could not find CA file": `bun install` gives up.
      Rule rule{.kind = RuleKind::Setting, .name = "install.cafile", .origin = cafile->origin};
      EffectiveTrust of_install;
      add_part(survey, std::move(rule), {.path = machine.expanded(cafile->value)}, of_install,
               Outcome::Fatal);
      client.trust.trace.push_back(of_install.trace.front());
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_bun{.id = "bun", .detect = detect};

}  // namespace medic::clients
