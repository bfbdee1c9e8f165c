// aiohttp: Python's own default context, made at import (from 3.10) or at the first request.

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/openssl_defaults.h"
#include "clients/python.h"
#include "clients/python_packages.h"

namespace medic::clients {
namespace {

void detect(Survey& survey) {
  const machine::Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    const auto package = python_package(machine, python, "aiohttp");
    if (!package) {
      continue;
    }
    Client client = python_client(machine, python, "aiohttp");
    client.version = package->version;
    client.path = package->directory + "/aiohttp";
    client.profile = compare_versions(python.version, "3.13") >= 0 ? "python-3.13" : "python-3.10";
    if (machine.family() == machine::Family::Windows) {
      add_part(survey, {.kind = RuleKind::SystemStore, .name = "windows"},
               {.kind = PartKind::WindowsStore}, client.trust);
    }
    if (python.ssl.state == SslState::Works) {
      add_openssl_defaults(survey, python.ssl.build, client.trust);
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_aiohttp{.id = "aiohttp", .detect = detect};

}  // namespace medic::clients
