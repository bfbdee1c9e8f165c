// requests: REQUESTS_CA_BUNDLE, else CURL_CA_BUNDLE, else certifi (sessions.py,
// merge_environment_settings; adapters.py, cert_verify).

#include <algorithm>
#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"

namespace medic::clients {
namespace {

using machine::Machine;

// Before 2.28 an empty CURL_CA_BUNDLE switched verification off (measured with 2.27.1).
void check_empty_variable(const Machine& machine, const PythonPackage& package, Client& client) {
  const auto value = machine.variable("CURL_CA_BUNDLE");
  const bool shadowed = !machine.variable("REQUESTS_CA_BUNDLE").value_or("").empty();
  if (value && value->empty() && !shadowed && compare_versions(package.version, "2.28") < 0) {
    client.trust.verifies = false;
    client.problems.push_back({.cause = "verification-disabled-on-purpose",
                               .id = "requests-empty-variable",
                               .subject = "CURL_CA_BUNDLE",
                               .origin = {.variable = "CURL_CA_BUNDLE"},
                               .facts = {{"version", escaped(package.version)}}});
  }
}

// pip-system-certs and its kin run at every start and put the system's store under requests.
void add_injected_store(Survey& survey, const Python& python, Client& client) {
  const auto hooks = python_hooks(survey.machine(), python);
  const auto hook = std::ranges::find_if(hooks, &PythonHook::uses_system_store);
  if (hook == hooks.end()) {
    return;
  }
  client.trust.trace.push_back({.kind = RuleKind::Setting,
                                .name = std::string(machine::base_name(hook->file)),
                                .value = hook->text,
                                .origin = {.file = hook->file, .line = hook->line},
                                .outcome = Outcome::Added});
  add_truststore(survey, python, client);
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    const auto package = python_package(machine, python, "requests");
    if (!package) {
      continue;
    }
    Client client = python_client(machine, python, "requests");
    client.version = package->version;
    client.path = package->directory + "/requests";
    client.profile = requests_profile(machine, python);
    const bool first = add_variable_rule(survey, "REQUESTS_CA_BUNDLE", client.trust);
    const bool second = add_variable_rule(survey, "CURL_CA_BUNDLE", client.trust);
    if (!first && !second) {
      add_certifi(survey, python, client);
    }
    add_injected_store(survey, python, client);
    check_empty_variable(machine, *package, client);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_requests{.id = "requests", .detect = detect};

}  // namespace medic::clients
