#include "clients/browser_policies.h"

#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

constexpr RuleShape kPolicy{
    .effect = Effect::Adds, .if_broken = Outcome::Broken, .from = RuleKind::Policy};

// Where Firefox looks for a file that a policy names without a directory (policy-templates,
// "Certificates | Install").
std::string certificate_file(const Machine& machine, const std::string& name) {
  if (machine.absolute(name)) {
    return machine.joined({}, name);
  }
  const std::string home = home_of(machine);
  for (const std::string& directory :
       {std::string("/usr/lib/mozilla/certificates"),
        std::string("/usr/lib64/mozilla/certificates"), home + "/.mozilla/certificates",
        std::string("/Library/Application Support/Mozilla/Certificates"),
        home + "/AppData/Local/Mozilla/Certificates",
        home + "/AppData/Roaming/Mozilla/Certificates"}) {
    const std::string path = machine.joined(directory, name);
    if (machine.is_file(path)) {
      return path;
    }
  }
  return "/usr/lib/mozilla/certificates/" + name;
}

}  // namespace

void add_chromium_policies(Survey& survey, std::span<const std::string> directories,
                           RuleList& rules) {
  const Machine& machine = survey.machine();
  for (const std::string& directory : directories) {
    const std::vector<std::string> files = machine.glob(directory + "/*.json");
    for (const settings::Document& document : documents_of(machine, files, settings::read_json)) {
      for (const settings::Entry& entry : document.entries) {
        if (entry.path.size() == 2 && entry.path[0] == "CACertificates") {
          rules.certificates(
              "CACertificates",
              {.value = {}, .origin = {.file = document.file, .line = entry.line}},
              "-----BEGIN CERTIFICATE-----\n" + entry.value + "\n-----END CERTIFICATE-----\n",
              kPolicy);
        }
      }
    }
  }
}

void add_firefox_policies(Survey& survey, std::span<const std::string> files, RuleList& rules) {
  const Machine& machine = survey.machine();
  // From Firefox 120 on the system's own additions are read on Windows and macOS.
  bool enterprise = machine.family() != Family::Linux;
  for (const settings::Document& document : documents_of(machine, files, settings::read_json)) {
    for (const settings::Entry& entry : document.entries) {
      const bool of_certificates =
          entry.path.size() >= 3 && entry.path[0] == "policies" && entry.path[1] == "Certificates";
      if (of_certificates && entry.path[2] == "Install" && entry.path.size() == 4) {
        rules.setting("Certificates.Install",
                      Setting{.value = certificate_file(machine, entry.value),
                              .origin = {.file = document.file, .line = entry.line}},
                      kPolicy);
      } else if (of_certificates && entry.path[2] == "ImportEnterpriseRoots") {
        enterprise = entry.value == "true" && machine.family() != Family::Linux;
      }
    }
  }
  if (enterprise) {
    const bool windows = machine.family() == Family::Windows;
    rules.own(RuleKind::SystemStore, "enterprise roots",
              {.kind = windows ? PartKind::WindowsStore : PartKind::MacKeychain}, Effect::Adds);
  }
}

}  // namespace medic::clients
