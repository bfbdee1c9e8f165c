// httpx: until 0.27 certifi unless SSL_CERT_FILE or SSL_CERT_DIR exists; 0.28 takes SSL_CERT_FILE,
// else SSL_CERT_DIR, else certifi, and stops when the file is missing (httpx/_config.py).

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"

namespace medic::clients {
namespace {

void detect(Survey& survey) {
  const machine::Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    const auto package = python_package(machine, python, "httpx");
    if (!package) {
      continue;
    }
    const bool own_context = compare_versions(package->version, "0.28") < 0;
    Client client = python_client(machine, python, "httpx");
    client.version = package->version;
    client.path = package->directory + "/httpx";
    const bool strict = !own_context && compare_versions(python.version, "3.13") >= 0;
    client.profile = strict ? "python-3.13" : "python-3.10";
    const Outcome broken = own_context ? Outcome::Broken : Outcome::Fatal;
    add_variable_rule(survey, "SSL_CERT_FILE", client.trust, broken);
    add_variable_rule(survey, "SSL_CERT_DIR", client.trust, broken);
    const bool decided = !client.trust.parts.empty() ||
                         (!own_context && !machine.variable("SSL_CERT_FILE").value_or("").empty());
    if (!decided) {
      add_certifi(survey, python, client);
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_httpx{.id = "httpx", .detect = detect};

}  // namespace medic::clients
