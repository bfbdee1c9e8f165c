#include "clients/condarc.h"

#include <algorithm>
#include <utility>

#include "settings/readers.h"

namespace medic::clients {

using machine::Machine;

std::vector<std::string> condarc_files(const Machine& machine, const std::string& root) {
  std::vector<std::string> directories;
  if (machine.family() == machine::Family::Windows) {
    directories = {"C:/ProgramData/conda"};
  } else {
    directories = {"/etc/conda", "/var/lib/conda"};
  }
  directories.push_back(machine.variable("CONDA_ROOT").value_or(root));
  const std::string xdg = machine.variable("XDG_CONFIG_HOME").value_or("");
  if (!xdg.empty()) {
    directories.push_back(xdg + "/conda");
  }
  const std::string home = machine.users().empty() ? std::string() : machine.users().front().home;
  directories.push_back(home + "/.config/conda");
  directories.push_back(home + "/.conda");
  std::vector<std::string> files;
  const auto add = [&](const std::string& directory) {
    files.push_back(directory + "/.condarc");
    files.push_back(directory + "/condarc");
    for (const std::string_view pattern : {"/condarc.d/*.yml", "/condarc.d/*.yaml"}) {
      for (std::string& file : machine.glob(directory + std::string(pattern))) {
        files.push_back(std::move(file));
      }
    }
  };
  for (const std::string& directory : directories) {
    add(machine.joined({}, directory));
  }
  files.push_back(home + "/.condarc");
  const std::string prefix = machine.variable("CONDA_PREFIX").value_or("");
  if (!prefix.empty()) {
    add(machine.joined({}, prefix));
  }
  const std::string named = machine.variable("CONDARC").value_or("");
  if (!named.empty()) {
    files.push_back(machine.joined({}, named));
  }
  return files;
}

std::optional<Setting> condarc_setting(const Machine& machine,
                                       const std::vector<std::string>& files,
                                       std::initializer_list<std::string_view> keys) {
  std::optional<Setting> found;
  for (const settings::Document& document : documents_of(machine, files, settings::read_yaml)) {
    for (const settings::Entry& entry : document.entries) {
      if (entry.path.size() == 1 && std::ranges::find(keys, entry.path[0]) != keys.end()) {
        found =
            Setting{.value = entry.value, .origin = {.file = document.file, .line = entry.line}};
      }
    }
  }
  return found;
}

}  // namespace medic::clients
