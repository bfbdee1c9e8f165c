#include "clients/python.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "binary/image.h"
#include "clients/client.h"
#include "machine/machine.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

constexpr std::size_t kMaxProgramBytes = std::size_t{128} << 20U;

bool is_program(const Machine& machine, std::string_view path) {
  constexpr std::size_t kHeaderBytes = 64;
  const auto head = machine.read_part(path, 0, kHeaderBytes);
  return head && binary::format_of(as_bytes(*head)).has_value();
}

// "3.11" of "/usr/bin/python3.11" or ".../python3.12.exe"; empty when the name has none.
std::string version_in_name(std::string_view path) {
  std::string_view name = machine::base_name(path);
  constexpr std::string_view kStart = "python";
  if (!name.starts_with(kStart)) {
    return {};
  }
  name.remove_prefix(kStart.size());
  const std::size_t end = std::min(name.find_first_not_of("0123456789."), name.size());
  std::string found(name.substr(0, end));
  return found.find('.') == std::string::npos ? std::string() : found;
}

// The standard library above a program: CPython's landmark is os.py (Modules/getpath.py).
std::string unix_library(const Machine& machine, std::string directory, std::string_view minor) {
  for (int level = 0; level < 3 && !directory.empty(); ++level) {
    for (const std::string_view lib : {"/lib/python", "/lib64/python"}) {
      const std::string start = (directory == "/" ? "" : directory) + std::string(lib);
      if (!minor.empty() && machine.is_file(start + std::string(minor) + "/os.py")) {
        return start + std::string(minor);
      }
      const std::vector<std::string> found =
          minor.empty() ? machine.glob(start + "*.*/os.py") : std::vector<std::string>();
      if (!found.empty()) {
        return std::string(machine::parent(found.back()));
      }
    }
    directory = machine::parent(directory);
  }
  return {};
}

// `key = value` of pyvenv.cfg.
std::string setting(const settings::Document& document, std::string_view key) {
  const settings::Entry* entry = document.find({"", key});
  return entry == nullptr ? std::string() : entry->value;
}

std::string digits_after(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
  return std::string(text.substr(at, end - at));
}

// PY_VERSION is a NUL-terminated text of the interpreter or its library: "3.11.2", "3.14.0rc1+".
std::string version_inside(std::string_view text, const std::string& minor) {
  const std::string start = std::string(1, '\0') + minor + ".";
  for (std::size_t at = text.find(start); at != std::string_view::npos;
       at = text.find(start, at + 1)) {
    const std::string micro = digits_after(text, at + start.size());
    const std::size_t end = at + start.size() + micro.size();
    constexpr std::string_view kEnds("\0+abr", 5);
    if (!micro.empty() && micro.size() < 3 && end < text.size() &&
        kEnds.find(text[end]) != std::string_view::npos) {
      return minor + "." + micro;
    }
  }
  return {};
}

// PE versions of python.org builds: 3.12.4150.1013 is 3.12.4 final (PC/python_ver_rc.h: the third
// field is micro times 1000, then the release level).
std::string version_of_resource(std::string_view version) {
  std::array<int, 3> fields{};
  const char* at = version.data();
  const char* const end = at + version.size();
  for (int& field : fields) {
    const auto [next, error] = std::from_chars(at, end, field);
    if (error != std::errc()) {
      return {};
    }
    at = next == end ? next : next + 1;
  }
  return std::to_string(fields[0]) + "." + std::to_string(fields[1]) + "." +
         std::to_string(fields[2] / 1000);
}

// The package record of conda: conda-meta/python-3.12.4-<build>.json.
std::string conda_version(const Machine& machine, const std::string& prefix) {
  for (const std::string& file : machine.glob(prefix + "/conda-meta/python-*.json")) {
    const std::string_view name = machine::base_name(file).substr(7);
    const std::string found(name.substr(0, name.find('-')));
    if (!found.empty() && found.find_first_not_of("0123456789.") == std::string::npos) {
      return found;
    }
  }
  return {};
}

std::string header_version(const Machine& machine, const std::string& base,
                           const std::string& minor) {
  // "python3.7m": until 3.7 the directory named the ABI flags too.
  std::vector<std::string> files =
      machine.glob(base + "/include/python" + minor + "*/patchlevel.h");
  files.push_back(base + "/include/patchlevel.h");
  for (const std::string& path : files) {
    const auto text = machine.read(path);
    constexpr std::string_view kMark = "#define PY_VERSION";
    const std::size_t at = text ? text->find(kMark) : std::string::npos;
    if (at != std::string::npos) {
      const std::size_t first = text->find('"', at);
      const std::size_t last = text->find('"', std::min(first, text->size() - 1) + 1);
      if (last != std::string::npos) {
        return text->substr(first + 1, last - first - 1);
      }
    }
  }
  return {};
}

std::string windows_version(const Machine& machine, const Python& python,
                            const std::string& program) {
  std::string found = conda_version(machine, python.base_prefix);
  std::vector<std::string> files = machine.glob(python.base_prefix + "/python3*.dll");
  files.push_back(program);
  for (std::size_t i = 0; i < files.size() && found.empty(); ++i) {
    const auto file = binary::read(as_bytes(library_bytes(machine, files[i])));
    if (file && !file->images.empty()) {
      found = version_of_resource(file->images[0].file_version);
    }
  }
  return found;
}

std::string unix_version(const Machine& machine, const Python& python, const std::string& program,
                         const std::string& minor) {
  std::string found = conda_version(machine, python.base_prefix);
  if (found.empty()) {
    found = header_version(machine, python.base_prefix, minor);
  }
  std::vector<std::string> files = {program};
  for (const std::string_view pattern : {"/lib/libpython", "/lib64/libpython"}) {
    std::ranges::copy(machine.glob(python.base_prefix + std::string(pattern) + minor + ".*"),
                      std::back_inserter(files));
  }
  for (std::size_t i = 0; i < files.size() && found.empty(); ++i) {
    found = version_inside(machine.read(files[i], kMaxProgramBytes).value_or(""), minor);
  }
  return found.empty() ? minor : found;
}

void add_if_directory(const Machine& machine, std::vector<std::string>& list, std::string path) {
  if (machine.is_directory(path) && std::ranges::find(list, path) == list.end()) {
    list.push_back(std::move(path));
  }
}

void add_site(const Machine& machine, Python& python, const std::string& prefix,
              const std::string& minor) {
  auto& search = python.search;
  if (machine.family() == Family::Windows) {
    add_if_directory(machine, search, prefix + "/Lib/site-packages");
    return;
  }
  add_if_directory(machine, search, prefix + "/lib/python" + minor + "/site-packages");
  add_if_directory(machine, search, prefix + "/lib64/python" + minor + "/site-packages");
  if (prefix == "/usr") {  // Debian's patch of site.py
    add_if_directory(machine, search, "/usr/local/lib/python" + minor + "/dist-packages");
    add_if_directory(machine, search, "/usr/lib/python3/dist-packages");
    add_if_directory(machine, search, "/usr/lib/python" + minor + "/dist-packages");
  }
}

// PEP 370. Not inside a virtual environment, unless it takes the system's packages.
void add_user_site(const Machine& machine, Python& python, const std::string& minor) {
  if (machine.users().empty() || !machine.variable("PYTHONNOUSERSITE").value_or("").empty()) {
    return;
  }
  const std::string& home = machine.users().front().home;
  std::string digits = minor;
  std::erase(digits, '.');
  switch (machine.family()) {
    case Family::Windows:
      add_if_directory(machine, python.search,
                       home + "/AppData/Roaming/Python/Python" + digits + "/site-packages");
      break;
    case Family::MacOs:
      if (python.kind == PythonKind::Framework) {
        add_if_directory(machine, python.search,
                         home + "/Library/Python/" + minor + "/lib/python/site-packages");
        break;
      }
      [[fallthrough]];
    case Family::Linux:
      add_if_directory(machine, python.search,
                       home + "/.local/lib/python" + minor + "/site-packages");
      break;
  }
}

void add_search_path(const Machine& machine, Python& python, const settings::Document& venv) {
  const std::string minor = minor_version(python);
  const char separator = machine.family() == Family::Windows ? ';' : ':';
  const std::string own = machine.variable("PYTHONPATH").value_or("");
  for (std::size_t at = 0; at < own.size();) {
    const std::size_t end = std::min(own.find(separator, at), own.size());
    if (end > at) {
      add_if_directory(machine, python.search, machine.joined({}, own.substr(at, end - at)));
    }
    at = end + 1;
  }
  const bool environment = !python.configuration.empty();
  const bool shares = setting(venv, "include-system-site-packages") == "true";
  if (!environment || shares) {
    add_user_site(machine, python, minor);
  }
  add_site(machine, python, python.prefix, minor);
  if (environment && shares) {
    add_site(machine, python, python.base_prefix, minor);
  }
}

PythonKind kind_of(const Machine& machine, const Python& python, PythonKind place) {
  if (!python.configuration.empty()) {
    return place == PythonKind::Pipx || place == PythonKind::Uv ? place : PythonKind::Venv;
  }
  if (machine.is_directory(python.prefix + "/conda-meta")) {
    return PythonKind::Conda;
  }
  if (python.prefix.find("/Python.framework/") != std::string::npos) {
    return PythonKind::Framework;
  }
  if (machine::base_name(python.prefix).starts_with("cpython-")) {
    return PythonKind::Uv;
  }
  return place;
}

}  // namespace

std::string minor_version(const Python& python) {
  const std::size_t dot = python.version.find('.');
  const std::size_t second = dot == std::string::npos ? dot : python.version.find('.', dot + 1);
  return python.version.substr(0, second);
}

int compare_versions(std::string_view version, std::string_view other) {
  while (!version.empty() || !other.empty()) {
    const auto next = [](std::string_view& text) {
      long number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      const std::size_t used =
          error == std::errc() ? static_cast<std::size_t>(end - text.data()) : 0;
      text.remove_prefix(used);
      // What is no number ("rc1") ends the comparison.
      text = text.starts_with('.') ? text.substr(1) : std::string_view();
      return number;
    };
    const long a = next(version);
    const long b = next(other);
    if (a != b) {
      return a < b ? -1 : 1;
    }
  }
  return 0;
}

std::optional<Python> describe_python(const Machine& machine, const PythonPlace& place) {
  const bool windows = machine.family() == Family::Windows;
  const auto resolved = machine.resolve(place.executable);
  if (!resolved || !is_program(machine, *resolved)) {
    return std::nullopt;
  }
  Python python;
  std::string directory(machine::parent(place.executable));
  std::string program = *resolved;
  settings::Document venv;
  for (const std::string& where : {directory, std::string(machine::parent(directory))}) {
    const std::string file = where + "/pyvenv.cfg";
    const auto text = python.configuration.empty() ? machine.read(file)
                                                   : machine::Seen<std::string>(std::string());
    if (text && python.configuration.empty()) {
      venv = settings::read_ini(file, *text);
      python.configuration = file;
      python.prefix = where;
    }
  }
  if (python.configuration.empty()) {
    directory = machine::parent(program);
    python.executable = program;
  } else {
    directory = machine.joined({}, setting(venv, "home"));
    python.executable = place.executable;
    if (windows) {
      program = directory + "/python.exe";
    }
  }
  const std::string named = version_in_name(program);
  python.library = windows ? directory + "/Lib" : unix_library(machine, directory, named);
  if (python.library.empty() || !machine.is_file(python.library + "/os.py")) {
    return std::nullopt;
  }
  python.base_prefix =
      windows ? directory : std::string(machine::parent(machine::parent(python.library)));
  if (python.prefix.empty()) {
    python.prefix = python.base_prefix;
  }
  const std::string minor =
      windows ? std::string() : std::string(machine::base_name(python.library).substr(6));
  python.version = windows ? windows_version(machine, python, program)
                           : unix_version(machine, python, program, minor);
  python.kind = kind_of(machine, python, place.kind);
  add_search_path(machine, python, venv);
  python.ssl = python_ssl(machine, python);
  return python;
}

std::vector<Python> find_pythons(const Machine& machine) {
  std::vector<Python> found;
  std::set<std::string> seen;
  for (const PythonPlace& place : python_places(machine)) {
    const std::string directory(machine::parent(place.executable));
    const auto resolved = machine.resolve(place.executable);
    const bool environment =
        machine.exists(directory + "/pyvenv.cfg") ||
        machine.exists(std::string(machine::parent(directory)) + "/pyvenv.cfg");
    // An environment is its own; every other name of one program is the same Python.
    const auto identity = environment ? machine.resolve(directory) : resolved;
    if (!resolved || !identity || !seen.insert(*identity).second) {
      continue;
    }
    if (std::optional<Python> python = describe_python(machine, place)) {
      found.push_back(*std::move(python));
    }
  }
  return found;
}

}  // namespace medic::clients
