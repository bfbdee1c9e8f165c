// az: requests and certifi of its own Python; AZURE_CLI_DISABLE_CONNECTION_VERIFICATION switches
// verification off (azure/cli/core/util.py, should_disable_connection_verify()).

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"
#include "clients/rules.h"

namespace medic::clients {
namespace {

void detect(Survey& survey) {
  const machine::Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    const auto package = python_package(machine, python, "azure-cli-core");
    if (!package) {
      continue;
    }
    Client client = python_client(machine, python, "az");
    client.version = package->version;
    client.path = package->directory + "/azure/cli";
    client.profile = requests_profile(machine, python);
    const bool first = add_variable_rule(survey, "REQUESTS_CA_BUNDLE", client.trust);
    const bool second = add_variable_rule(survey, "CURL_CA_BUNDLE", client.trust);
    if (!first && !second) {
      add_certifi(survey, python, client);
    }
    constexpr std::string_view kOff = "AZURE_CLI_DISABLE_CONNECTION_VERIFICATION";
    if (const auto off = variable_setting(machine, kOff)) {
      switch_off(client, kOff, off->origin);
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_az{.id = "az", .detect = detect};

}  // namespace medic::clients
