// mamba and micromamba 2: libcurl inside. `cacert_path`, else a path in `ssl_verify`, else
// ssl/cacert.pem of the environment, of the root prefix, else a bundle of the system; no variable
// of OpenSSL or requests counts (libmamba, download/mirror and core/context; read, not run).

#include <string>
#include <utility>

#include "clients/condarc.h"
#include "clients/detector.h"
#include "clients/rules.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

std::optional<Setting> ssl_verify(const Machine& machine, const std::vector<std::string>& files) {
  for (const std::string_view name : {"MAMBA_SSL_VERIFY"}) {
    if (const auto set = variable_setting(machine, name)) {
      return set;
    }
  }
  return condarc_setting(machine, files, {"ssl_verify", "verify_ssl"});
}

void add_defaults(Survey& survey, RuleList& rules) {
  const Machine& machine = survey.machine();
  if (machine.family() == Family::Windows) {
    rules.own(RuleKind::SystemStore, "windows", {.kind = PartKind::WindowsStore});
    return;
  }
  for (const std::string_view prefix : {"CONDA_PREFIX", "MAMBA_ROOT_PREFIX"}) {
    const std::string value = machine.variable(prefix).value_or("");
    if (!value.empty()) {
      rules.own(RuleKind::Bundled, std::string(prefix) + "/ssl/cacert.pem",
                {.kind = PartKind::Bundle, .path = machine.joined({}, value) + "/ssl/cacert.pem"});
    }
  }
  rules.own(RuleKind::SystemStore, "libmamba",
            {.kind = PartKind::Bundle, .path = survey.system_bundle()});
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const std::string_view name : {"mamba", "micromamba"}) {
    for (const std::string& path : machine.programs(name)) {
      const std::string root = machine.variable("MAMBA_ROOT_PREFIX").value_or("");
      std::vector<std::string> files = condarc_files(machine, root);
      files.push_back(home_of(machine) + "/.mambarc");
      if (const auto named = variable_setting(machine, "MAMBARC")) {
        files.push_back(machine.joined({}, named->value));
      }
      Client client{.kind = std::string(name), .path = path, .profile = "curl"};
      RuleList rules(survey, client.trust);
      rules.setting("cacert_path", condarc_setting(machine, files, {"cacert_path"}));
      const auto verify = ssl_verify(machine, files);
      const bool path_given = verify && !says_yes(verify->value) && !says_no(verify->value) &&
                              verify->value != "<system>";
      // "ssl_verify does not contain a valid file path" ends it, for `truststore` too.
      rules.setting("ssl_verify", path_given ? verify : std::nullopt);
      add_defaults(survey, rules);
      if (verify && says_no(verify->value)) {
        switch_off(client, "ssl_verify", verify->origin);
      }
      survey.add(std::move(client));
    }
  }
}

}  // namespace

extern constinit const Detector detector_mamba{.id = "mamba", .detect = detect};

}  // namespace medic::clients
