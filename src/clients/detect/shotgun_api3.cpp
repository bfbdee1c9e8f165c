// shotgun_api3 (Flow Production Tracking): SHOTGUN_API_CACERTS, used as it stands, else the list
// that comes with it: lib/certifi/cacert.pem, in old versions lib/httplib2/cacerts.txt. Neither the
// system's store nor any other variable counts (measured with 3.10.0).

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"

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
}

}  // namespace

extern constinit const Detector detector_shotgun_api3{.id = "shotgun_api3", .detect = detect};

}  // namespace medic::clients
