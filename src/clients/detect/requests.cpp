// requests: REQUESTS_CA_BUNDLE, else CURL_CA_BUNDLE, else certifi (sessions.py,
// merge_environment_settings; adapters.py, cert_verify).

#include <optional>
#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"

namespace medic::clients {
namespace {

using machine::Machine;

std::string profile_of(const Machine& machine, const Python& python) {
  const auto urllib3 = python_package(machine, python, "urllib3");
  if (!urllib3) {
    return {};
  }
  if (compare_versions(urllib3->version, "2") < 0) {
    return "requests-urllib3-1";
  }
  // urllib3 2.4 asks for X509_STRICT where Python 3.13 does.
  const bool strict = compare_versions(urllib3->version, "2.4") >= 0 &&
                      compare_versions(python.version, "3.13") >= 0;
  return strict ? "requests-urllib3-2.4" : "requests-urllib3-2";
}

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
    client.profile = profile_of(machine, python);
    const bool first = add_variable_rule(survey, "REQUESTS_CA_BUNDLE", client.trust);
    const bool second = add_variable_rule(survey, "CURL_CA_BUNDLE", client.trust);
    if (!first && !second) {
      add_certifi(survey, python, client);
    }
    check_empty_variable(machine, *package, client);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_requests{.id = "requests", .detect = detect};

}  // namespace medic::clients
