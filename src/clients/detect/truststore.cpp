// truststore: what a program that uses it trusts, on Linux OpenSSL's defaults when they exist, else
// the first of five bundles (truststore/_openssl.py).

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
    const auto package = python_package(machine, python, "truststore");
    if (!package) {
      continue;
    }
    Client client = python_client(machine, python, "truststore");
    client.version = package->version;
    client.path = package->directory + "/truststore";
    client.profile = "python-3.10";  // its context is never strict
    add_truststore(survey, python, client);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_truststore{.id = "truststore", .detect = detect};

}  // namespace medic::clients
