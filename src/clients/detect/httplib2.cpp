// httplib2: HTTPLIB2_CA_CERTS (a missing file fails the import), else certifi, else its own list
// (httplib2/certs.py).

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
    const auto package = python_package(machine, python, "httplib2");
    if (!package) {
      continue;
    }
    Client client = python_client(machine, python, "httplib2");
    client.version = package->version;
    client.path = package->directory + "/httplib2";
    client.profile = "python-3.10";  // a context of its own: never strict
    if (!add_variable_rule(survey, "HTTPLIB2_CA_CERTS", client.trust)) {
      add_certifi(survey, python, client);
      if (client.trust.parts.empty()) {
        add_part(survey, {.kind = RuleKind::Bundled, .name = "cacerts.txt"},
                 {.kind = PartKind::Bundle, .path = client.path + "/cacerts.txt"}, client.trust);
      }
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_httplib2{.id = "httplib2", .detect = detect};

}  // namespace medic::clients
