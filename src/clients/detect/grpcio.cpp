// gRPC for Python: GRPC_DEFAULT_SSL_ROOTS_FILE_PATH, a missing file falls back, else the list
// inside the package (grpc/_cython/_credentials/roots.pem).

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
    const auto package = python_package(machine, python, "grpcio");
    if (!package) {
      continue;
    }
    Client client{.kind = "grpcio", .version = package->version, .runtime = python.executable};
    client.path = package->directory + "/grpc";
    client.tls_library = "BoringSSL";  // its own, so Python's ssl does not matter
    client.profile = "openssl";
    add_variable_rule(survey, "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", client.trust, Outcome::Broken);
    if (client.trust.parts.empty()) {
      const std::string path = client.path + "/_cython/_credentials/roots.pem";
      add_part(survey, {.kind = RuleKind::Bundled, .name = "roots.pem"},
               {.kind = PartKind::Bundle, .path = path}, client.trust);
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_grpcio{.id = "grpcio", .detect = detect};

}  // namespace medic::clients
