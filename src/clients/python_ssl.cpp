// Whether `import ssl` can work: the _ssl module, the libraries behind it, and what is wrong.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "binary/image.h"
#include "binary/traces.h"
#include "clients/client.h"
#include "clients/library_search.h"
#include "clients/python.h"
#include "machine/machine.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

// The module that this interpreter would import. Of another version's it takes none.
std::string ssl_module(const Machine& machine, const Python& python, PythonSsl& ssl) {
  if (machine.family() == Family::Windows) {
    ssl.directory = python.base_prefix + "/DLLs";
    for (const std::string& path :
         {ssl.directory + "/_ssl.pyd", python.base_prefix + "/_ssl.pyd"}) {
      if (machine.is_file(path)) {
        return path;
      }
    }
    return {};
  }
  ssl.directory = python.library + "/lib-dynload";
  std::string digits = minor_version(python);
  std::erase(digits, '.');
  for (const std::string& path : machine.glob(ssl.directory + "/_ssl*.so")) {
    const std::string_view name = machine::base_name(path);
    const std::size_t tag = name.find("cpython-");
    if (name == "_ssl.so" || name.starts_with("_ssl.abi3.") ||
        (tag != std::string_view::npos && name.substr(tag + 8).starts_with(digits))) {
      return path;
    }
  }
  return {};
}

// How conda's Python of Windows searches. Its patch of CPython lets PATH count, unlike python.org's
// since 3.8; CONDA_DLL_SEARCH_MODIFICATION_ENABLE adds the environment's own directories
// (conda-forge/python-feedstock, "Add CondaEcosystemModifyDllSearchPath").
LoaderContext context_of(const Machine& machine, const Python& python) {
  const std::string program = machine.resolve(python.executable).value_or(python.executable);
  LoaderContext context{.program = program, .directories = {}, .hints = {}};
  if (machine.family() != Family::Windows) {
    context.hints = {python.base_prefix + "/lib", python.base_prefix + "/lib64"};
    for (const std::string& more : machine.glob("/usr/local/*ssl*")) {
      context.hints.push_back(more + "/lib");
      context.hints.push_back(more + "/lib64");
    }
    return context;
  }
  context.program = python.base_prefix + "/python.exe";
  const std::string own = python.base_prefix + "/Library/bin";
  const bool conda =
      python.kind == PythonKind::Conda || machine.is_directory(python.base_prefix + "/conda-meta");
  const std::string mode = machine.variable("CONDA_DLL_SEARCH_MODIFICATION_ENABLE").value_or("");
  if (conda && !mode.empty() && mode != "0") {
    context.directories = {python.base_prefix, python.base_prefix + "/Library/mingw-w64/bin",
                           python.base_prefix + "/Library/usr/bin", own,
                           python.base_prefix + "/Scripts"};
  }
  if (conda || compare_versions(python.version, "3.8") < 0) {
    for (std::string& directory : machine.path_directories()) {
      context.directories.push_back(std::move(directory));
    }
  }
  context.hints = {own, python.base_prefix + "/DLLs", python.base_prefix};
  for (std::string& directory : machine.path_directories()) {
    context.hints.push_back(std::move(directory));
  }
  return context;
}

void take_build(const Machine& machine, const std::string& path, PythonSsl& ssl) {
  const auto inside = tls_library_inside(machine, path);
  if (const std::optional<binary::TlsLibrary>& found = *inside) {
    ssl.build = {.library = path, .version = found->text, .directory = found->directory};
  }
}

// No module: OpenSSL may be inside libpython or the program (python-build-standalone).
void look_inside(const Machine& machine, const Python& python, PythonSsl& ssl) {
  std::vector<std::string> files = machine.glob(python.base_prefix + "/lib/libpython*");
  std::erase_if(files, [](const std::string& file) { return file.ends_with(".a"); });
  files.push_back(machine.resolve(python.executable).value_or(python.executable));
  for (const std::string& file : files) {
    take_build(machine, file, ssl);
    if (!ssl.build.library.empty()) {
      ssl.state = SslState::Works;
      return;
    }
  }
}

bool is_crypto(std::string_view name) {
  const std::string_view base = machine::base_name(name);
  return base.starts_with("libcrypto") || base.starts_with("libeay32") ||
         base.starts_with("LIBEAY32");
}

}  // namespace

PythonSsl python_ssl(const Machine& machine, const Python& python) {
  PythonSsl ssl;
  ssl.module = ssl_module(machine, python, ssl);
  if (ssl.module.empty()) {
    look_inside(machine, python, ssl);
    return ssl;
  }
  const auto read = library_file(machine, ssl.module);
  const std::optional<binary::File>& file = *read;
  if (!file || file->images.empty()) {
    ssl.state = SslState::Damaged;
    return ssl;
  }
  ssl.state = SslState::Works;
  ssl.libraries =
      tls_libraries(machine, ssl.module, file->images.front(), context_of(machine, python));
  for (const LibraryUse& use : ssl.libraries) {
    // macOS keeps its own libraries in a cache and not in files.
    const bool cached = use.state == LibraryState::Absent && use.name.starts_with("/usr/lib/") &&
                        machine.family() == Family::MacOs;
    if (use.state != LibraryState::Found && !cached) {
      ssl.state = SslState::Broken;
    } else if (is_crypto(use.name) && ssl.build.library.empty()) {
      take_build(machine, use.path, ssl);
    }
  }
  if (ssl.libraries.empty()) {  // linked statically into the module
    take_build(machine, ssl.module, ssl);
  }
  return ssl;
}

namespace {

std::string_view state_id(const LibraryUse& use) {
  switch (use.state) {
    case LibraryState::Found:
      return {};
    case LibraryState::Absent:
      return use.elsewhere.empty() ? "tls-library-absent" : "tls-library-not-searched";
    case LibraryState::OtherMachine:
      return "tls-library-other-machine";
    case LibraryState::LacksVersion:
      return "tls-library-lacks-version";
    case LibraryState::LacksSymbol:
      return "tls-library-lacks-symbol";
    case LibraryState::Unreadable:
      return "tls-library-damaged";
  }
  return {};
}

void add_library_problems(const Machine& machine, const Python& python, Client& client) {
  for (const LibraryUse& use : python.ssl.libraries) {
    if (use.state == LibraryState::Found) {
      continue;
    }
    const std::string elsewhere = use.elsewhere.empty() ? std::string() : use.elsewhere.front();
    client.problems.push_back(
        {.cause = "openssl-library-mismatch",
         .id = std::string(state_id(use)),
         .subject = use.name,
         .origin = {.file = use.module},
         .facts = {{"library", escaped(use.name)},
                   {"module", escaped(machine.display(use.module))},
                   {"path", escaped(machine.display(use.path))},
                   {"elsewhere", escaped(machine.display(elsewhere))},
                   {"directory", escaped(machine.display(machine::parent(elsewhere)))},
                   {"lacking", escaped(use.lacking)}}});
  }
}

void add_ssl_problems(const Machine& machine, const Python& python, Client& client) {
  const PythonSsl& ssl = python.ssl;
  if (ssl.state == SslState::Absent || ssl.state == SslState::Damaged) {
    const bool absent = ssl.state == SslState::Absent;
    client.problems.push_back(
        {.cause = "ssl-module-broken",
         .id = absent ? "python-ssl-absent" : "python-ssl-damaged",
         .subject = python.executable,
         .origin = {.file = absent ? std::string() : ssl.module},
         .facts = {{"python", escaped(machine.display(python.executable))},
                   {"path", escaped(machine.display(absent ? ssl.directory : ssl.module))}}});
  } else if (ssl.state == SslState::Broken) {
    add_library_problems(machine, python, client);
  }
}

}  // namespace

Client python_client(const Machine& machine, const Python& python, std::string kind) {
  Client client{.kind = std::move(kind), .runtime = python.executable};
  client.tls_library = python.ssl.build.version;
  add_ssl_problems(machine, python, client);
  if (python.ssl.state != SslState::Works) {
    client.trust.unknown = "clients.unknown-ssl-broken";
  }
  return client;
}

}  // namespace medic::clients
