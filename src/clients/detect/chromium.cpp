// Chromium and its kin: a root list of their own (the Chrome Root Store, for which Mozilla's stands
// here), the user's NSS database on Linux, the system's additions elsewhere, and policies. Neither
// the system's bundle nor a variable is read (run with Chromium 156).

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "clients/browser_policies.h"
#include "clients/detector.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

struct Browser {
  std::string_view kind;
  std::array<std::string_view, 3> programs;
  std::string_view policies;  // on Linux
};

constexpr auto kBrowsers = std::to_array<Browser>({
    {"chromium", {"chromium", "chromium-browser", ""}, "/etc/chromium/policies"},
    {"chrome", {"google-chrome", "google-chrome-stable", "chrome"}, "/etc/opt/chrome/policies"},
    {"edge", {"microsoft-edge", "microsoft-edge-stable", "msedge"}, "/etc/opt/edge/policies"},
    {"brave", {"brave-browser", "brave", ""}, "/etc/brave/policies"},
});

// crypto/nss_util.cc: a database at the old place masks the new one (seen since about 146).
std::string nss_database(const Machine& machine) {
  std::string old = home_of(machine) + "/.pki/nssdb";
  if (machine.is_directory(old)) {
    return old;
  }
  const std::string named = machine.variable("XDG_DATA_HOME").value_or("");
  return (named.empty() ? home_of(machine) + "/.local/share" : machine.joined({}, named)) +
         "/pki/nssdb";
}

std::string program_of(const Machine& machine, const Browser& browser) {
  for (const std::string_view name : browser.programs) {
    const auto path = name.empty() ? std::nullopt : machine.program(name);
    if (path) {
      return *path;
    }
  }
  for (const std::string_view path :
       {"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
        "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe"}) {
    const std::string_view name = machine::base_name(path);
    const bool ours =
        (browser.kind == "chrome" && (name == "Google Chrome" || name == "chrome.exe")) ||
        (browser.kind == "chromium" && name == "Chromium") ||
        (browser.kind == "edge" && (name == "Microsoft Edge" || name == "msedge.exe"));
    if (ours && machine.is_file(path)) {
      return std::string(path);
    }
  }
  return {};
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const Browser& browser : kBrowsers) {
    const std::string path = program_of(machine, browser);
    if (path.empty()) {
      continue;
    }
    Client client{.kind = std::string(browser.kind),
                  .path = path,
                  .tls_library = "BoringSSL",
                  .profile = "chrome",
                  .policy = "clients.policy-chrome-root-store"};
    RuleList rules(survey, client.trust);
    rules.own(RuleKind::CompiledIn, "Chrome Root Store", {.kind = PartKind::Mozilla});
    switch (machine.family()) {
      case Family::Windows:
        rules.own(RuleKind::SystemStore, "windows", {.kind = PartKind::WindowsStore}, Effect::Adds);
        break;
      case Family::MacOs:
        rules.own(RuleKind::SystemStore, "keychain", {.kind = PartKind::MacKeychain}, Effect::Adds);
        break;
      case Family::Linux: {
        rules.own(RuleKind::SystemStore, "NSS database",
                  {.kind = PartKind::NssDatabase, .path = nss_database(machine)}, Effect::Adds);
        const std::vector<std::string> directories = {
            std::string(browser.policies) + "/managed",
            std::string(browser.policies) + "/recommended"};
        add_chromium_policies(survey, directories, rules);
        break;
      }
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_chromium{.id = "chromium", .detect = detect};

}  // namespace medic::clients
