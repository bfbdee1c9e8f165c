// Firefox: Mozilla's list inside, the database of each profile, an administrator's policies; the
// system's own additions on Windows and macOS only. No variable is read (run with ESR 153).

#include <string>
#include <string_view>
#include <utility>

#include "clients/browser_policies.h"
#include "clients/detector.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

std::string program_of(const Machine& machine) {
  for (const std::string_view name : {"firefox", "firefox-esr"}) {
    if (const auto path = machine.program(name)) {
      return *path;
    }
  }
  for (const std::string_view path : {"/Applications/Firefox.app/Contents/MacOS/firefox",
                                      "C:/Program Files/Mozilla Firefox/firefox.exe"}) {
    if (machine.is_file(path)) {
      return std::string(path);
    }
  }
  return {};
}

// /usr/lib/firefox-esr/application.ini; a program that is a script is not beside it.
std::string version_of(const Machine& machine, const std::string& program) {
  std::vector<std::string> files = {
      std::string(machine::parent(machine.resolve(program).value_or(program))) + "/application.ini",
      "/usr/lib/firefox/application.ini", "/usr/lib/firefox-esr/application.ini",
      "/usr/lib64/firefox/application.ini",
      "/Applications/Firefox.app/Contents/Resources/application.ini"};
  for (const settings::Document& document : documents_of(machine, files, settings::read_ini)) {
    if (const settings::Entry* const version = document.find({"App", "Version"})) {
      return version->value;
    }
  }
  return {};
}

// Directories with a database, in every kind of installation.
std::vector<std::string> profiles(const Machine& machine) {
  std::vector<std::string> found;
  for (const machine::User& user : machine.users()) {
    for (const std::string_view below : {"/.mozilla/firefox/*", "/.config/mozilla/firefox/*",
                                         "/snap/firefox/common/.mozilla/firefox/*",
                                         "/.var/app/org.mozilla.firefox/.mozilla/firefox/*",
                                         "/Library/Application Support/Firefox/Profiles/*",
                                         "/AppData/Roaming/Mozilla/Firefox/Profiles/*"}) {
      for (const std::string& directory : machine.glob(user.home + std::string(below))) {
        if (machine.is_file(directory + "/cert9.db")) {
          found.push_back(directory);
        }
      }
    }
  }
  return found;
}

Client client_of(Survey& survey, const std::string& program, const std::string& profile) {
  const Machine& machine = survey.machine();
  Client client{.kind = "firefox",
                .version = version_of(machine, program),
                .path = profile.empty() ? program : profile,
                .runtime = profile.empty() ? std::string() : program,
                .tls_library = "NSS",
                .profile = "firefox"};
  RuleList rules(survey, client.trust);
  rules.own(RuleKind::CompiledIn, "Mozilla roots of Firefox", {.kind = PartKind::Mozilla});
  if (!profile.empty()) {
    rules.own(RuleKind::SystemStore, "cert9.db", {.kind = PartKind::NssDatabase, .path = profile},
              Effect::Adds);
  }
  const std::string beside(machine::parent(machine.resolve(program).value_or(program)));
  const std::vector<std::string> policies = {
      beside + "/distribution/policies.json", "/usr/lib/firefox-esr/distribution/policies.json",
      "/usr/lib/firefox/distribution/policies.json", "/etc/firefox/policies/policies.json",
      "/Applications/Firefox.app/Contents/Resources/distribution/policies.json"};
  add_firefox_policies(survey, policies, rules);
  return client;
}

void detect(Survey& survey) {
  const std::string program = program_of(survey.machine());
  if (program.empty()) {
    return;
  }
  const std::vector<std::string> found = profiles(survey.machine());
  for (const std::string& profile : found) {
    survey.add(client_of(survey, program, profile));
  }
  if (found.empty()) {
    survey.add(client_of(survey, program, {}));
  }
}

}  // namespace

extern constinit const Detector detector_firefox{.id = "firefox", .detect = detect};

}  // namespace medic::clients
