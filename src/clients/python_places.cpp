// Where Pythons are: PATH, the usual directories of installers and environment managers, conda's
// own list, the registry where an export of it is at hand.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "clients/python.h"
#include "machine/machine.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

struct Pattern {
  PythonKind kind;
  std::string_view pattern;  // '*' as machine.glob() has it; "~" is each user's home
};

// Linux and macOS. Sources: the documentation of pyenv, pipx, uv (UV_PYTHON_INSTALL_DIR,
// UV_TOOL_DIR), virtualenvwrapper, pipenv and poetry; conda's installers.
constexpr Pattern kUnix[] = {
    {PythonKind::Venv, "~/*/.venv/bin/python"},
    {PythonKind::Venv, "~/*/venv/bin/python"},
    {PythonKind::Venv, "~/.virtualenvs/*/bin/python"},
    {PythonKind::Venv, "~/.local/share/virtualenvs/*/bin/python"},
    {PythonKind::Venv, "~/.cache/pypoetry/virtualenvs/*/bin/python"},
    {PythonKind::Pipx, "~/.local/share/pipx/venvs/*/bin/python"},
    {PythonKind::Pipx, "~/.local/pipx/venvs/*/bin/python"},
    {PythonKind::Pipx, "/opt/pipx/venvs/*/bin/python"},
    {PythonKind::Uv, "~/.local/share/uv/tools/*/bin/python"},
    {PythonKind::Uv, "~/.local/share/uv/python/*/bin/python3"},
    {PythonKind::Pyenv, "~/.pyenv/versions/*/bin/python"},
    {PythonKind::Conda, "~/*conda*/bin/python"},
    {PythonKind::Conda, "~/*conda*/envs/*/bin/python"},
    {PythonKind::Conda, "~/*forge*/bin/python"},
    {PythonKind::Conda, "~/*forge*/envs/*/bin/python"},
    {PythonKind::Conda, "~/micromamba/envs/*/bin/python"},
    {PythonKind::Conda, "~/.local/share/mamba/envs/*/bin/python"},
    {PythonKind::Conda, "~/.conda/envs/*/bin/python"},
    {PythonKind::Conda, "/opt/*conda*/bin/python"},
    {PythonKind::Conda, "/opt/*conda*/envs/*/bin/python"},
    {PythonKind::Conda, "/opt/*forge*/bin/python"},
    {PythonKind::Framework, "/Library/Frameworks/Python.framework/Versions/3.*/bin/python3"},
    {PythonKind::System, "/opt/homebrew/bin/python3*"},
    {PythonKind::Installer, "/usr/local/bin/python3*"},
    {PythonKind::Installer, "/opt/python*/bin/python3"},
    {PythonKind::System, "/usr/bin/python3*"},
    {PythonKind::System, "/usr/bin/python2*"},
    {PythonKind::Pipx, "~/.local/share/pipx/shared/bin/python"},
    {PythonKind::Venv, "~/.local/share/pdm/venvs/*/bin/python"},
    {PythonKind::Venv, "~/.local/share/hatch/env/virtual/*/*/*/bin/python"},
    {PythonKind::Uv, "~/.rye/py/*/bin/python3"},
    // Programs for film and design with a Python inside; those of Flow Production Tracking.
    {PythonKind::Embedded, "/usr/autodesk/maya*/bin/mayapy"},
    {PythonKind::Embedded, "/opt/hfs*/python/bin/python3.*"},
    {PythonKind::Embedded, "/usr/local/Nuke*/python3*"},
    {PythonKind::Embedded, "/opt/libreoffice*/program/python-core-*/bin/python"},
    {PythonKind::Embedded, "/opt/Shotgun/Python*/bin/python"},
    {PythonKind::Embedded, "/Applications/Shotgun.app/Contents/Resources/Python*/bin/python"},
    {PythonKind::Embedded, "/Applications/Autodesk/maya*/Maya.app/Contents/bin/mayapy"},
    {PythonKind::Embedded, "/opt/az/bin/python3"},
    {PythonKind::Embedded, "~/google-cloud-sdk/platform/bundledpythonunix/bin/python3"},
    {PythonKind::Embedded, "/usr/lib/google-cloud-sdk/platform/bundledpythonunix/bin/python3"},
    {PythonKind::Embedded, "/opt/blender*/*/python/bin/python3.*"},
    {PythonKind::Embedded, "/Applications/Blender.app/Contents/Resources/*/python/bin/python3.*"},
};

constexpr Pattern kWindows[] = {
    {PythonKind::Installer, "~/AppData/Local/Programs/Python/Python*/python.exe"},
    {PythonKind::Installer, "C:/Program Files/Python*/python.exe"},
    {PythonKind::Installer, "C:/Python*/python.exe"},
    {PythonKind::Store, "C:/Program Files/WindowsApps/PythonSoftwareFoundation.Python*/python.exe"},
    {PythonKind::Conda, "C:/ProgramData/*conda*/python.exe"},
    {PythonKind::Conda, "C:/ProgramData/*conda*/envs/*/python.exe"},
    {PythonKind::Conda, "~/*conda*/python.exe"},
    {PythonKind::Conda, "~/*conda*/envs/*/python.exe"},
    {PythonKind::Conda, "~/*forge*/python.exe"},
    {PythonKind::Conda, "~/*forge*/envs/*/python.exe"},
    {PythonKind::Conda, "~/AppData/Local/*conda*/python.exe"},
    {PythonKind::Conda, "~/AppData/Local/*conda*/envs/*/python.exe"},
    {PythonKind::Uv, "~/AppData/Roaming/uv/python/*/python.exe"},
    {PythonKind::Uv, "~/AppData/Roaming/uv/tools/*/Scripts/python.exe"},
    {PythonKind::Pipx, "~/pipx/venvs/*/Scripts/python.exe"},
    {PythonKind::Pyenv, "~/.pyenv/pyenv-win/versions/*/python.exe"},
    {PythonKind::Venv, "~/*/.venv/Scripts/python.exe"},
    {PythonKind::Venv, "~/*/venv/Scripts/python.exe"},
    {PythonKind::Pipx, "~/pipx/shared/Scripts/python.exe"},
    {PythonKind::Embedded, "C:/Program Files/Autodesk/Maya*/bin/mayapy.exe"},
    {PythonKind::Embedded, "C:/Program Files/Side Effects Software/*/python*/python.exe"},
    {PythonKind::Embedded, "C:/Program Files/Nuke*/python.exe"},
    {PythonKind::Embedded, "C:/Program Files/Shotgun/Python*/python.exe"},
    {PythonKind::Embedded, "C:/Program Files/LibreOffice/program/python-core-*/bin/python.exe"},
    {PythonKind::Embedded, "C:/Program Files/Microsoft SDKs/Azure/CLI2/python.exe"},
    {PythonKind::Embedded,
     "~/AppData/Local/Google/Cloud SDK/google-cloud-sdk/platform/bundledpython/python.exe"},
    {PythonKind::Embedded, "C:/Program Files/Blender Foundation/*/*/python/bin/python.exe"},
};

class Places {
 public:
  explicit Places(const Machine& machine)
      : machine_(machine), windows_(machine.family() == Family::Windows) {}

  std::vector<PythonPlace> take() { return std::move(found_); }

  void add_variables() {
    add_prefix(PythonKind::Venv, machine_.variable("VIRTUAL_ENV").value_or(""));
    add_prefix(PythonKind::Conda, machine_.variable("CONDA_PREFIX").value_or(""));
    const std::string installed = machine_.variable("UV_PYTHON_INSTALL_DIR").value_or("");
    if (!installed.empty()) {
      add_glob(PythonKind::Uv, installed + (windows_ ? "/*/python.exe" : "/*/bin/python3"));
    }
    for (const std::string_view name : {"CONDA_ROOT", "MAMBA_ROOT_PREFIX"}) {
      const std::string root = machine_.variable(name).value_or("");
      add_prefix(PythonKind::Conda, root);
      if (!root.empty()) {
        add_glob(PythonKind::Conda, root + "/envs/*" + program());
      }
    }
  }

  void add_path() {
    for (const std::string& directory : machine_.path_directories()) {
      if (windows_) {
        add(PythonKind::Installer, directory + "/python.exe");
      } else {
        add_glob(PythonKind::System, directory + "/python");
        add_glob(PythonKind::System, directory + "/python3*");
        add_glob(PythonKind::System, directory + "/python2*");
      }
    }
  }

  // conda writes every environment it made into this list (conda/gateways/disk, environments.txt).
  void add_conda_list(const std::string& home) {
    const auto text = machine_.read(home + "/.conda/environments.txt");
    std::string_view rest = text ? std::string_view(*text) : std::string_view();
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      while (line.ends_with('\r') || line.ends_with(' ')) {
        line.remove_suffix(1);
      }
      add_prefix(PythonKind::Conda, machine_.joined({}, line));
    }
  }

  void add_patterns() {
    const auto add_all = [&](const Pattern& one) {
      if (!one.pattern.starts_with('~')) {
        add_glob(one.kind, std::string(one.pattern));
        return;
      }
      for (const machine::User& user : machine_.users()) {
        add_glob(one.kind, user.home + std::string(one.pattern.substr(1)));
      }
    };
    if (windows_) {
      std::ranges::for_each(kWindows, add_all);
    } else {
      std::ranges::for_each(kUnix, add_all);
    }
  }

  // PEP 514: SOFTWARE\Python\<company>\<tag>\InstallPath.
  void add_registry(const std::string& directory) {
    for (const std::string& file : machine_.glob(directory + "/*.reg")) {
      const auto bytes = machine_.read(file, std::size_t{16} << 20U);
      if (!bytes) {
        continue;
      }
      for (const settings::Entry& entry : settings::read_registry(file, *bytes).entries) {
        const bool ours = entry.path.size() == 2 && entry.path[1].empty() &&
                          entry.path[0].find("\\Python\\") != std::string::npos &&
                          entry.path[0].ends_with("\\InstallPath");
        if (ours) {
          add_prefix(PythonKind::Installer, machine_.joined({}, entry.value));
        }
      }
    }
  }

 private:
  [[nodiscard]] std::string program() const { return windows_ ? "/python.exe" : "/bin/python"; }

  void add(PythonKind kind, std::string executable) {
    found_.push_back({.kind = kind, .executable = std::move(executable)});
  }
  void add_prefix(PythonKind kind, std::string prefix) {
    while (prefix.size() > 1 && prefix.ends_with('/')) {
      prefix.pop_back();
    }
    if (prefix.empty()) {
      return;
    }
    add(kind, prefix + program());
    if (windows_) {
      add(kind, prefix + "/Scripts/python.exe");
    } else {
      add(kind, prefix + "/bin/python3");
    }
  }
  void add_glob(PythonKind kind, const std::string& pattern) {
    for (std::string& path : machine_.glob(pattern)) {
      add(kind, std::move(path));
    }
  }

  const Machine& machine_;
  bool windows_;
  std::vector<PythonPlace> found_;
};

}  // namespace

std::vector<PythonPlace> python_places(const Machine& machine) {
  Places places(machine);
  places.add_variables();
  places.add_path();
  for (const machine::User& user : machine.users()) {
    places.add_conda_list(user.home);
  }
  places.add_patterns();
  if (machine.family() == Family::Windows) {
    places.add_registry("C:");
    for (const machine::User& user : machine.users()) {
      places.add_registry(user.home);
    }
  }
  return places.take();
}

}  // namespace medic::clients
