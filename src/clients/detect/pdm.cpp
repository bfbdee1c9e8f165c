// pdm: pypi.ca_certs, else REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE, else truststore where it can be
// imported, else httpx's default (pdm/models/session.py).

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/openssl_defaults.h"
#include "clients/python.h"
#include "clients/python_packages.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    const auto package = python_package(machine, python, "pdm");
    if (!package) {
      continue;
    }
    Client client = python_client(machine, python, "pdm");
    client.version = package->version;
    client.path = package->directory + "/pdm";
    client.profile = "python-3.10";
    const std::vector<std::string> files = {machine.family() == machine::Family::Windows
                                                ? home_of(machine) +
                                                      "/AppData/Local/pdm/config.toml"
                                                : config_home(machine) + "/pdm/config.toml"};
    const auto documents = documents_of(machine, files, settings::read_toml);
    RuleList rules(survey, client.trust);
    rules.setting("pypi.ca_certs", last_setting(documents, {"pypi", "ca_certs"}),
                  {.directory_too = true});
    rules.variable("REQUESTS_CA_BUNDLE", {.directory_too = true});
    rules.variable("CURL_CA_BUNDLE", {.directory_too = true});
    if (!rules.decided() && python_package(machine, python, "truststore")) {
      add_truststore(survey, python, client);
    }
    if (!rules.decided()) {
      add_certifi(survey, python, client);
    }
    const auto verify = last_setting(documents, {"pypi", "verify_ssl"});
    if (verify && says_no(verify->value)) {
      switch_off(client, "pypi.verify_ssl", verify->origin);
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_pdm{.id = "pdm", .detect = detect};

}  // namespace medic::clients
