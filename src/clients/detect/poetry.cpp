// poetry: requests in an environment of its own, so REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, else its
// certifi. certificates.<source>.cert beats them for that source alone, and the default index
// cannot have one (poetry, utils/authenticator.py; run with 1.3.2).

#include <algorithm>
#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

struct SourceCert {
  std::string source;
  Setting setting;
};

// certificates.<source>.cert of config.toml and POETRY_CERTIFICATES_<SOURCE>_CERT.
std::vector<SourceCert> source_certs(const Machine& machine) {
  std::vector<SourceCert> found;
  const std::vector<std::string> files = {config_home(machine) + "/pypoetry/config.toml"};
  for (const settings::Document& document : documents_of(machine, files, settings::read_toml)) {
    for (const settings::Entry& entry : document.entries) {
      if (entry.path.size() == 3 && entry.path[0] == "certificates" && entry.path[2] == "cert") {
        found.push_back({.source = entry.path[1],
                         .setting = {.value = entry.value,
                                     .origin = {.file = document.file, .line = entry.line}}});
      }
    }
  }
  for (const auto& [name, value] : machine.environment()) {
    constexpr std::string_view kStart = "POETRY_CERTIFICATES_";
    constexpr std::string_view kEnd = "_CERT";
    if (name.starts_with(kStart) && name.ends_with(kEnd) && !name.ends_with("_CLIENT_CERT") &&
        name.size() > kStart.size() + kEnd.size() && !value.empty()) {
      found.push_back(
          {.source = name.substr(kStart.size(), name.size() - kStart.size() - kEnd.size()),
           .setting = {.value = value, .origin = {.variable = name}}});
    }
  }
  return found;
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const std::vector<SourceCert> certs = source_certs(machine);
  for (const Python& python : survey.pythons()) {
    const auto package = python_package(machine, python, "poetry");
    if (!package) {
      continue;
    }
    Client client = python_client(machine, python, "poetry");
    client.version = package->version;
    client.path = package->directory + "/poetry";
    client.profile = requests_profile(machine, python);
    const bool first = add_variable_rule(survey, "REQUESTS_CA_BUNDLE", client.trust);
    const bool second = add_variable_rule(survey, "CURL_CA_BUNDLE", client.trust);
    if (!first && !second) {
      add_certifi(survey, python, client);
    }
    const Client plain = client;
    for (const SourceCert& cert : certs) {
      const std::string name = "certificates." + cert.source + ".cert";
      // In a file the word is taken as a truth value; in a variable as a path.
      if (cert.setting.origin.variable.empty() && says_no(cert.setting.value)) {
        switch_off_for(client, name, cert.setting.origin, cert.source);
        continue;
      }
      Client of_source = plain;
      of_source.trust = {};
      of_source.reach.host = cert.source;
      RuleList rules(survey, of_source.trust);
      rules.setting(name, cert.setting, {.purpose = Purpose::OwnServers, .directory_too = true});
      survey.add(std::move(of_source));
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_poetry{.id = "poetry", .detect = detect};

}  // namespace medic::clients
