// The openssl command: s_client, verify and ocsp read OpenSSL's default paths and its variables,
// and s_client goes on when verifying fails (openssl-s_client(1)).

#include <algorithm>
#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/library_text.h"
#include "clients/openssl_defaults.h"
#include "clients/rules.h"

namespace medic::clients {
namespace {

using machine::Machine;

// The library it is linked with, or the one inside it.
OpensslBuild build_of(const Machine& machine, const std::string& path) {
  const std::string text = program_text(machine, path);
  if (const auto name = text_from(text, "libcrypto.so.")) {
    const auto library = system_library(machine, *name);
    const auto build = library ? openssl_build_of(machine, *library) : std::nullopt;
    return build.value_or(OpensslBuild{});
  }
  return openssl_build_of(machine, path).value_or(OpensslBuild{});
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const std::string& path : machine.programs("openssl")) {
    OpensslBuild build = build_of(machine, path);
    if (build.directory.empty()) {
      build = system_openssl(machine);
    }
    constexpr std::string_view kName = "OpenSSL ";
    const bool named = build.version.starts_with(kName);
    const std::string rest = named ? build.version.substr(kName.size()) : std::string();
    Client client{.kind = "openssl",
                  .version = rest.substr(0, rest.find(' ')),
                  .path = path,
                  .tls_library = build.version,
                  .profile = "openssl",
                  .policy = "clients.policy-s-client"};
    add_openssl_defaults(survey, build, client.trust);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_openssl{.id = "openssl", .detect = detect};

}  // namespace medic::clients
