// psql and everything else that libpq connects: no root unless PGSSLROOTCERT or
// ~/.postgresql/root.crt names one, and the server's certificate is verified only in the modes
// verify-ca and verify-full, or with a root file in `require` (libpq, SSL Support; run with 15).

#include <charconv>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "clients/detector.h"
#include "clients/library_text.h"
#include "clients/openssl_defaults.h"
#include "clients/rules.h"

namespace medic::clients {
namespace {

using machine::Machine;

// libpq.so.5 leads to libpq.so.5.15, whose second number is the release.
int release_of(const Machine& machine) {
  const auto library = system_library(machine, "libpq.so.5");
  const std::string real = library ? machine.resolve(*library).value_or("") : std::string();
  constexpr std::string_view kMark = "libpq.so.5.";
  const std::size_t at = real.find(kMark);
  int release = 0;
  if (at != std::string::npos) {
    std::from_chars(real.data() + at + kMark.size(), real.data() + real.size(), release);
  }
  return release;
}

void add_trust(Survey& survey, int release, Client& client) {
  const Machine& machine = survey.machine();
  RuleList rules(survey, client.trust);
  // From 16 on the word "system" stands for OpenSSL's own paths.
  if (release >= 16 && machine.variable("PGSSLROOTCERT") == "system") {
    client.trust.trace.push_back({.kind = RuleKind::Variable,
                                  .name = "PGSSLROOTCERT",
                                  .value = "system",
                                  .origin = {.variable = "PGSSLROOTCERT"},
                                  .outcome = Outcome::Won});
    add_openssl_defaults(survey, system_openssl(machine), client.trust);
    return;
  }
  // Only the verifying modes give up when the file is not there.
  const bool needs_it = machine.variable("PGSSLMODE").value_or("").starts_with("verify");
  rules.variable("PGSSLROOTCERT", {.if_broken = needs_it ? Outcome::Fatal : Outcome::Broken,
                                   .purpose = Purpose::OwnServers});
  if (!machine.variable("PGSSLROOTCERT").value_or("").empty()) {
    rules.decide();
  }
  const std::string file = machine.family() == machine::Family::Windows
                               ? config_home(machine) + "/postgresql/root.crt"
                               : home_of(machine) + "/.postgresql/root.crt";
  rules.own(RuleKind::CompiledIn, "root.crt",
            {.kind = PartKind::Bundle, .path = file, .purpose = Purpose::OwnServers});
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const auto path = machine.program("psql");
  if (!path) {
    return;
  }
  const int release = release_of(machine);
  Client client{.kind = "psql",
                .version = release > 0 ? std::to_string(release) : std::string(),
                .path = *path,
                .tls_library = system_openssl(machine).version,
                .profile = "openssl",
                .reach = {.protocol = "postgres"}};
  add_trust(survey, release, client);
  const std::string set = machine.variable("PGSSLMODE").value_or("");
  const bool system = machine.variable("PGSSLROOTCERT") == "system" && release >= 16;
  const bool verifies = system || set == "verify-ca" || set == "verify-full" ||
                        (set == "require" && !client.trust.parts.empty());
  client.trust.verifies = verifies;
  client.policy = set == "verify-full" || system ? "clients.policy-libpq-full"
                  : verifies                     ? "clients.policy-libpq-ca"
                                                 : "clients.policy-libpq-off";
  if (!verifies && !set.empty()) {
    client.problems.push_back({.cause = "verification-disabled-on-purpose",
                               .id = "mode-verifies-nothing",
                               .subject = "PGSSLMODE",
                               .origin = {.variable = "PGSSLMODE"},
                               .facts = {{"name", "PGSSLMODE"}, {"value", escaped(set)}}});
  }
  survey.add(std::move(client));
}

}  // namespace

extern constinit const Detector detector_psql{.id = "psql", .detect = detect};

}  // namespace medic::clients
