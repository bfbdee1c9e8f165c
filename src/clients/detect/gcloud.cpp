// gcloud: requests inside its own installation. REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE beat
// core/custom_ca_certs_file (seen with 528: merge_environment_settings() of its session), which
// beats the certifi that comes with it.

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

std::string trimmed_line(const Machine& machine, const std::string& file) {
  const std::string text = machine.read(file).value_or("");
  return text.substr(0, text.find_first_of("\r\n \t"));
}

// A property: its variable, the active configuration, the installation's file.
std::vector<std::string> property_files(const Machine& machine, const std::string& installation) {
  const std::string named = machine.variable("CLOUDSDK_CONFIG").value_or("");
  const std::string directory =
      !named.empty() ? machine.joined({}, named)
                     : (machine.family() == Family::Windows ? config_home(machine)
                                                            : home_of(machine) + "/.config") +
                           "/gcloud";
  std::string active = machine.variable("CLOUDSDK_ACTIVE_CONFIG_NAME").value_or("");
  if (active.empty()) {
    active = trimmed_line(machine, directory + "/active_config");
  }
  return {installation + "/properties", directory + "/properties",
          directory + "/configurations/config_" + (active.empty() ? "default" : active)};
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const std::string& path : machine.programs("gcloud")) {
    // <installation>/bin/gcloud
    const std::string installation(
        machine::parent(machine::parent(machine.resolve(path).value_or(path))));
    const std::string list = installation + "/lib/third_party/certifi/cacert.pem";
    if (!machine.is_file(list)) {
      continue;
    }
    Client client{.kind = "gcloud",
                  .version = trimmed_line(machine, installation + "/VERSION"),
                  .path = path,
                  .profile = "requests-urllib3-2"};
    const auto documents =
        documents_of(machine, property_files(machine, installation), settings::read_configparser);
    auto file = variable_setting(machine, "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE");
    if (!file) {
      file = last_setting(documents, {"core", "custom_ca_certs_file"});
    }
    RuleList rules(survey, client.trust);
    rules.variable("REQUESTS_CA_BUNDLE", {.directory_too = true});
    rules.variable("CURL_CA_BUNDLE", {.directory_too = true});
    const bool verified_anyway = rules.decided();
    rules.setting("core/custom_ca_certs_file", file);
    rules.own(RuleKind::Bundled, "certifi", {.kind = PartKind::Bundle, .path = list});
    auto off = variable_setting(machine, "CLOUDSDK_AUTH_DISABLE_SSL_VALIDATION");
    if (!off) {
      off = last_setting(documents, {"auth", "disable_ssl_validation"});
    }
    if (off && says_yes(off->value)) {
      switch_off(client, "auth/disable_ssl_validation", off->origin);
      client.trust.verifies = verified_anyway;
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_gcloud{.id = "gcloud", .detect = detect};

}  // namespace medic::clients
