// pipenv carries a patched pip: its rules are that pip's, with its own copy of the list
// (pipenv/patched/pip). `verify_ssl = false` of a Pipfile becomes --trusted-host.

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/pip_config.h"
#include "clients/python.h"
#include "clients/python_packages.h"
#include "clients/rules.h"

namespace medic::clients {
namespace {

using machine::Machine;

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    const auto package = python_package(machine, python, "pipenv");
    if (!package) {
      continue;
    }
    Client client = python_client(machine, python, "pipenv");
    client.version = package->version;
    client.path = package->directory + "/pipenv";
    client.profile = "requests-urllib3-1";
    const PipConfig config = pip_config(machine, python, "install");
    bool named = add_variable_rule(survey, "REQUESTS_CA_BUNDLE", client.trust);
    named = add_variable_rule(survey, "CURL_CA_BUNDLE", client.trust) || named;
    RuleList rules(survey, client.trust);
    if (named) {
      rules.decide();
    }
    const PipSetting* const cert = config.find("cert");
    rules.setting("global.cert", cert == nullptr ? std::nullopt
                                                 : std::optional(Setting{.value = cert->value,
                                                                         .origin = cert->origin}));
    rules.own(RuleKind::Bundled, "pipenv/patched/pip",
              {.kind = PartKind::Bundle,
               .path = client.path + "/patched/pip/_vendor/certifi/cacert.pem"});
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_pipenv{.id = "pipenv", .detect = detect};

}  // namespace medic::clients
