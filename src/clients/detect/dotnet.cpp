// .NET. On Linux it reads what OpenSSL's variables and defaults name, of a directory every file
// (OpenSslCachedSystemStoreProvider.cs), and the user's own store besides; elsewhere the system's.

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/openssl_defaults.h"
#include "clients/rules.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

// The newest shared runtime: <home>/shared/Microsoft.NETCore.App/<version>.
std::string version_of(const Machine& machine, std::string_view path) {
  const std::string real = machine.resolve(path).value_or(std::string(path));
  const std::vector<std::string> found =
      machine.glob(std::string(machine::parent(real)) + "/shared/Microsoft.NETCore.App/*");
  return found.empty() ? std::string() : std::string(machine::base_name(found.back()));
}

void add_linux(Survey& survey, RuleList& rules, EffectiveTrust& trust) {
  const Machine& machine = survey.machine();
  const OpensslBuild build = system_openssl(machine);
  RuleList files(survey, trust);
  files.variable("SSL_CERT_FILE", {.if_broken = Outcome::Broken});
  if (machine.variable("SSL_CERT_FILE").value_or("").empty()) {
    files.own(RuleKind::CompiledIn, "OPENSSLDIR/cert.pem",
              {.kind = PartKind::Bundle, .path = build.directory + "/cert.pem"});
  }
  const RuleShape directory{
      .kind = PartKind::PlainDirectory, .effect = Effect::Adds, .if_broken = Outcome::Broken};
  files.path_list("SSL_CERT_DIR", directory);
  if (machine.variable("SSL_CERT_DIR").value_or("").empty()) {
    files.own(RuleKind::CompiledIn, "OPENSSLDIR/certs",
              {.kind = PartKind::PlainDirectory, .path = build.directory + "/certs"}, Effect::Adds);
  }
  // Files are PKCS#12 without a password, one certificate each.
  const std::string own = home_of(machine) + "/.dotnet/corefx/cryptography/x509stores/root";
  if (machine.is_directory(own)) {
    rules.own(RuleKind::SystemStore, "x509stores/root",
              {.kind = PartKind::PlainDirectory, .path = own}, Effect::Adds);
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const std::string& path : machine.programs("dotnet")) {
    Client client{.kind = "dotnet", .version = version_of(machine, path), .path = path};
    RuleList rules(survey, client.trust);
    switch (machine.family()) {
      case Family::Windows:
        client.tls_library = "Schannel";
        rules.own(RuleKind::SystemStore, "windows", {.kind = PartKind::WindowsStore});
        break;
      case Family::MacOs:
        client.tls_library = "Secure Transport";
        rules.own(RuleKind::SystemStore, "keychain", {.kind = PartKind::MacKeychain});
        break;
      case Family::Linux:
        client.tls_library = "OpenSSL";
        client.profile = "openssl";
        add_linux(survey, rules, client.trust);
        break;
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_dotnet{.id = "dotnet", .detect = detect};

}  // namespace medic::clients
