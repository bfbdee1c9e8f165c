#pragma once

// Packages of a Python, by their metadata (PEP 376 and 427): which version is imported, whether a
// file was changed after installation, what runs at every start.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/client.h"
#include "clients/python.h"
#include "clients/survey.h"
#include "machine/machine.h"

namespace medic::clients {

struct PythonPackage {
  std::string name;       // normalised: lower case, '-'
  std::string version;    // empty: the directory says none (Debian's pip inside ensurepip)
  std::string directory;  // of sys.path
  std::string metadata;   // ...dist-info, ...egg-info
};

// The package that an import would take: the first along the search path.
std::optional<PythonPackage> python_package(const machine::Machine& machine, const Python& python,
                                            std::string_view name);

// RECORD's hash of a file against the file. None: RECORD does not list it, or cannot be read.
std::optional<bool> as_recorded(const machine::Machine& machine, const PythonPackage& package,
                                std::string_view file);

// Start-up files that change how TLS is verified: sitecustomize.py, usercustomize.py, *.pth with
// imports. Each hook is named by what it brings in: "truststore", "pip_system_certs", ….
struct PythonHook {
  std::string file;
  int line = 0;
  std::string text;                // the line, escaped
  bool uses_system_store = false;  // truststore, pip_system_certs, python-certifi-win32
  bool switches_off = false;       // _create_unverified_context, CERT_NONE
};
std::vector<PythonHook> python_hooks(const machine::Machine& machine, const Python& python);

// certifi.where() of this Python; empty: no certifi. Debian's package returns the system's bundle.
std::string certifi_file(const machine::Machine& machine, const Python& python);

// The rule "certifi" and its part; a changed or absent file is a problem of the client.
void add_certifi(Survey& survey, const Python& python, Client& client);

// truststore's context: the system's verifier on Windows and macOS; on Linux OpenSSL's defaults
// when they exist, else the first of its five bundles.
void add_truststore(Survey& survey, const Python& python, Client& client);

// How requests of this Python decides, by the urllib3 beside it; empty: there is none.
std::string requests_profile(const machine::Machine& machine, const Python& python);

// A rule for a variable whose empty value counts as none; adds a Bundle or, for a directory, a
// HashedDirectory. True: it was set, so what follows in the client's order is overridden.
bool add_variable_rule(Survey& survey, std::string_view name, EffectiveTrust& trust,
                       Outcome if_broken = Outcome::Fatal);

}  // namespace medic::clients
