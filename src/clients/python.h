#pragma once

// A Python installation or environment, described without running it: version, where its modules
// are searched, whether its `ssl` can work and with which OpenSSL.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/client.h"
#include "clients/library_search.h"
#include "clients/openssl_defaults.h"
#include "machine/machine.h"

namespace medic::clients {

// Who made it. The ids stand in `--json` as part of the path's meaning only.
enum class PythonKind {
  System,
  Venv,
  Conda,
  Pyenv,
  Uv,
  Pipx,
  Framework,
  Installer,
  Store,
  Embedded
};

enum class SslState {
  Works,
  Absent,   // no _ssl module and no OpenSSL inside the interpreter
  Damaged,  // the module's file cannot be read as a library
  Broken,   // a library it needs is missing or does not fit: see `libraries`
};

struct PythonSsl {
  SslState state = SslState::Absent;
  std::string module;     // the file of _ssl; empty: built in, or absent
  std::string directory;  // where the module belongs
  std::vector<LibraryUse> libraries;
  OpensslBuild build;  // of the library that is used
};

struct Python {
  PythonKind kind = PythonKind::System;
  std::string executable;           // an environment's own, else the real file
  std::string version;              // "3.11.2"; "3.11" when nothing says more
  std::string prefix;               // sys.prefix
  std::string base_prefix;          // sys.base_prefix: another one in a virtual environment
  std::string library;              // the standard library: .../lib/python3.11
  std::vector<std::string> search;  // directories of packages, in the order of sys.path
  std::string configuration;        // pyvenv.cfg; empty: none
  PythonSsl ssl;
};

// "3.11" of "3.11.2".
std::string minor_version(const Python& python);
// Negative, zero, positive as `version` is before, at or after `other`, by numbers.
int compare_versions(std::string_view version, std::string_view other);

// Where a Python may be: its program, and who put it there.
struct PythonPlace {
  PythonKind kind = PythonKind::System;
  std::string executable;
};
std::vector<PythonPlace> python_places(const machine::Machine& machine);

// None when there is no Python behind the program (a shim, a script, an empty alias of the Store).
std::optional<Python> describe_python(const machine::Machine& machine, const PythonPlace& place);

// The `ssl` of a described installation.
PythonSsl python_ssl(const machine::Machine& machine, const Python& python);

// Every Python of the machine, each once, in the order of the places.
std::vector<Python> find_pythons(const machine::Machine& machine);

// A client that runs in this Python, with what is wrong with its ssl.
Client python_client(const machine::Machine& machine, const Python& python, std::string kind);

}  // namespace medic::clients
