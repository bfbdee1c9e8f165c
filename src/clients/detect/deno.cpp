// Deno: rustls with a Mozilla list inside. DENO_TLS_CA_STORE chooses lists, DENO_CERT and
// NODE_EXTRA_CA_CERTS add to them. With "system" the platform's store is read by
// rustls-native-certs, for which SSL_CERT_FILE stands in its place (run with Deno 2.9).

#include "clients/detector.h"
#include "clients/node_trust.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

void add_system(Survey& survey, RuleList& rules) {
  switch (survey.machine().family()) {
    case Family::Windows:
      rules.own(RuleKind::SystemStore, "windows", {.kind = PartKind::WindowsStore}, Effect::Adds);
      return;
    case Family::MacOs:
      rules.own(RuleKind::SystemStore, "keychain", {.kind = PartKind::MacKeychain}, Effect::Adds);
      return;
    case Family::Linux:
      break;
  }
  rules.variable("SSL_CERT_FILE");
  if (!rules.decided()) {
    rules.own(RuleKind::SystemStore, "rustls-native-certs",
              {.kind = PartKind::Bundle, .path = survey.system_bundle()}, Effect::Adds);
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const std::string& path : machine.programs("deno")) {
    Client client{.kind = "deno",
                  .version = package_json_version(machine, path),
                  .path = path,
                  .tls_library = "rustls",
                  .profile = "rustls"};
    RuleList rules(survey, client.trust);
    const std::string lists = machine.variable("DENO_TLS_CA_STORE").value_or("");
    client.trust.trace.push_back({.kind = RuleKind::Variable,
                                  .name = "DENO_TLS_CA_STORE",
                                  .value = lists,
                                  .origin = {.variable = "DENO_TLS_CA_STORE"},
                                  .outcome = lists.empty() ? Outcome::NotSet : Outcome::Chose});
    if (lists.empty() || lists.find("mozilla") != std::string::npos) {
      rules.own(RuleKind::CompiledIn, "webpki-roots", {.kind = PartKind::Mozilla}, Effect::Adds);
    }
    if (lists.find("system") != std::string::npos) {
      add_system(survey, rules);
    }
    rules.variable("DENO_CERT", {.effect = Effect::Adds});
    rules.variable("NODE_EXTRA_CA_CERTS", {.effect = Effect::Adds, .if_broken = Outcome::Broken});
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_deno{.id = "deno", .detect = detect};

}  // namespace medic::clients
