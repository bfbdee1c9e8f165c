// shotgun_api3 (Flow Production Tracking): SHOTGUN_API_CACERTS, used as it stands, else the list
// that comes with it: lib/certifi/cacert.pem, in old versions lib/httplib2/cacerts.txt. Neither the
// system's store nor any other variable counts (measured with 3.10.0). Toolkit's core has a copy of
// its own: those of the bundle caches, and of the path that a core_api.yml names (tk-core,
// LocalFileStorageManager, bootstrap/configuration_writer.py).

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

struct Copy {
  std::string directory;  // .../shotgun_api3
  std::string version;
};

// Installed as a package, copied beside the modules, or inside Toolkit's core.
std::vector<Copy> copies(const Machine& machine, const Python& python) {
  std::vector<Copy> found;
  const auto package = python_package(machine, python, "shotgun-api3");
  for (const std::string& directory : python.search) {
    for (const std::string_view below : {"/shotgun_api3", "/tank_vendor/shotgun_api3"}) {
      const std::string path = directory + std::string(below);
      const auto real = machine.resolve(path);
      const bool known = std::ranges::any_of(
          found, [&](const Copy& copy) { return machine.resolve(copy.directory) == real; });
      if (!known && machine.is_file(path + "/shotgun.py")) {
        const bool same = package && package->directory == directory;
        found.push_back({.directory = path, .version = same ? package->version : std::string()});
      }
    }
  }
  return found;
}

void add_own_list(Survey& survey, Client& client) {
  constexpr std::array<std::string_view, 3> kLists = {
      "/lib/certifi/cacert.pem", "/lib/httplib2/cacerts.txt", "/lib/httplib2/python3/cacerts.txt"};
  for (const std::string_view list : kLists) {
    const std::string path = client.path + std::string(list);
    if (survey.machine().is_file(path)) {
      add_part(survey, {.kind = RuleKind::Bundled, .name = std::string(machine::base_name(path))},
               {.kind = PartKind::Bundle, .path = path}, client.trust);
      return;
    }
  }
  client.trust.trace.push_back({.kind = RuleKind::Bundled, .name = "cacert.pem"});
}

// "__version__ = "3.10.3"" near the head of the module.
std::string version_in(const Machine& machine, const std::string& directory) {
  constexpr std::size_t kModuleBytes = std::size_t{256} << 10U;
  constexpr std::string_view kName = "__version__ = \"";
  const std::string text =
      machine.read_part(directory + "/shotgun.py", 0, kModuleBytes).value_or("");
  const std::size_t at = text.find(kName);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t begin = at + kName.size();
  return text.substr(begin, std::min(text.find_first_of("\"\n", begin), begin + 32) - begin);
}

// Where Toolkit keeps what it downloads and the configurations of its sites.
std::string toolkit_cache(const Machine& machine) {
  const std::string named = machine.variable("SHOTGUN_HOME").value_or("");
  if (!named.empty()) {
    return machine.joined({}, named);
  }
  switch (machine.family()) {
    case machine::Family::MacOs:
      return home_of(machine) + "/Library/Caches/Shotgun";
    case machine::Family::Windows:
      return config_home(machine) + "/Shotgun";
    case machine::Family::Linux:
      break;
  }
  return home_of(machine) + "/.shotgun";
}

void add_copy(Survey& survey, const std::string& directory, const std::optional<Rule>& chosen,
              std::vector<std::string>& known) {
  const Machine& machine = survey.machine();
  const std::string path = directory + "/python/tank_vendor/shotgun_api3";
  const std::string real = machine.resolve(path).value_or(path);
  if (!machine.is_file(path + "/shotgun.py") || std::ranges::find(known, real) != known.end()) {
    return;
  }
  known.push_back(real);
  Client client{.kind = "shotgun_api3",
                .version = version_in(machine, path),
                .path = path,
                .tls_library = "OpenSSL",
                .profile = "python-3.10"};
  if (chosen) {
    client.trust.trace.push_back(*chosen);
  }
  if (!add_variable_rule(survey, "SHOTGUN_API_CACERTS", client.trust)) {
    add_own_list(survey, client);
  }
  survey.add(std::move(client));
}

// A core that lies elsewhere: location {type: path, path: ...}.
void add_named_cores(Survey& survey, const std::string& cache, std::vector<std::string>& known) {
  const Machine& machine = survey.machine();
  for (const std::string& file : machine.glob(cache + "/*/*/cfg/config/core/core_api.yml")) {
    const auto text = machine.read(file);
    const settings::Document document =
        settings::read_yaml(file, text ? std::string_view(*text) : std::string_view());
    const char* const key = machine.family() == machine::Family::Windows ? "windows_path"
                            : machine.family() == machine::Family::MacOs ? "mac_path"
                                                                         : "linux_path";
    const settings::Entry* entry = document.find({"location", key});
    entry = entry != nullptr ? entry : document.find({"location", "path"});
    if (entry != nullptr) {
      const std::string path = machine.joined({}, machine.expanded(entry->value));
      add_copy(survey, path,
               Rule{.kind = RuleKind::Setting,
                    .name = "location",
                    .value = path,
                    .origin = {.file = file, .line = entry->line},
                    .outcome = Outcome::Chose},
               known);
    }
  }
}

void add_toolkit(Survey& survey) {
  const Machine& machine = survey.machine();
  const std::string cache = toolkit_cache(machine);
  std::vector<std::string> known;
  add_named_cores(survey, cache, known);
  for (const std::string& core : machine.glob(cache + "/bundle_cache/*/tk-core*/*")) {
    add_copy(survey, core, std::nullopt, known);
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    for (const Copy& copy : copies(machine, python)) {
      Client client = python_client(machine, python, "shotgun_api3");
      client.version = copy.version;
      client.path = copy.directory;
      client.profile = "python-3.10";
      if (!add_variable_rule(survey, "SHOTGUN_API_CACERTS", client.trust)) {
        add_own_list(survey, client);
      }
      survey.add(std::move(client));
    }
  }
  add_toolkit(survey);
}

}  // namespace

extern constinit const Detector detector_shotgun_api3{.id = "shotgun_api3", .detect = detect};

}  // namespace medic::clients
