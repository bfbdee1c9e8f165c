// CPython itself: ssl.create_default_context(), as urllib and http.client use it.

#include "clients/python.h"

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/openssl_defaults.h"
#include "clients/python_packages.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

// Lib/ssl.py: 3.13 asks for X509_STRICT and PARTIAL_CHAIN; from 3.10 TLS 1.2 is the least.
std::string profile_of(const Python& python) {
  if (compare_versions(python.version, "3.13") >= 0) {
    return "python-3.13";
  }
  return compare_versions(python.version, "3.10") >= 0 ? "python-3.10" : "python-3.9";
}

// Lib/ssl.py, load_default_certs(): the CA and ROOT stores besides OpenSSL's own paths.
void add_windows_store(Survey& survey, EffectiveTrust& trust) {
  if (survey.machine().family() == Family::Windows) {
    add_part(survey, {.kind = RuleKind::SystemStore, .name = "windows"},
             {.kind = PartKind::WindowsStore}, trust);
  }
}

// python.org's installer leaves etc/openssl/cert.pem to "Install Certificates.command", and the
// keychain is never read.
void check_framework(const Machine& machine, const Python& python, Client& client) {
  const std::string file = python.prefix + "/etc/openssl/cert.pem";
  if (python.kind != PythonKind::Framework || python.ssl.state != SslState::Works ||
      !client.trust.parts.empty() || machine.is_file(file)) {
    return;
  }
  const std::string minor = minor_version(python);
  client.problems.push_back(
      {.cause = "macos-python-no-certs",
       .id = "python-no-certificates",
       .subject = file,
       .facts = {{"path", escaped(file)},
                 {"command", "/Applications/Python " + minor + "/Install Certificates.command"}}});
}

void add_hooks(const Machine& machine, const Python& python, Client& client) {
  for (const PythonHook& hook : python_hooks(machine, python)) {
    if (hook.switches_off) {
      client.problems.push_back(
          {.cause = "verification-disabled-on-purpose",
           .id = "python-hook-switches-off",
           .subject = hook.file,
           .origin = {.file = hook.file, .line = hook.line},
           .facts = {{"path", escaped(machine.display(hook.file))}, {"text", hook.text}}});
    }
    client.trust.trace.push_back({.kind = RuleKind::Setting,
                                  .name = hook.switches_off ? "sitecustomize" : "pth",
                                  .value = hook.text,
                                  .origin = {.file = hook.file, .line = hook.line},
                                  .outcome = Outcome::Ignored});
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    Client client = python_client(machine, python, "python");
    client.version = python.version;
    client.path = python.executable;
    client.profile = profile_of(python);
    if (python.ssl.state == SslState::Works) {
      add_windows_store(survey, client.trust);
      add_openssl_defaults(survey, python.ssl.build, client.trust);
      check_framework(machine, python, client);
    }
    add_hooks(machine, python, client);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_python{.id = "python", .detect = detect};

}  // namespace medic::clients
