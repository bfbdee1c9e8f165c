#include "clients/system_stores.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "clients/openssl_defaults.h"
#include "trust/hashed_directory.h"

namespace medic::clients {
namespace {

using machine::Machine;

// What ca-certificates-java and update-ca-trust write.
constexpr auto kKeystores = std::to_array<std::string_view>(
    {"/etc/ssl/certs/java/cacerts", "/etc/pki/ca-trust/extracted/java/cacerts"});

// A directory without a single hash link is no store of OpenSSL's: on RHEL the bundle lies in one.
bool has_hash_link(const Machine& machine, const std::string& directory) {
  const auto entries = machine.list(directory);
  return entries && std::ranges::any_of(*entries, [](const machine::Entry& entry) {
           return trust::parse_hash_name(entry.name).has_value();
         });
}

}  // namespace

void survey_system_stores(Survey& survey) {
  const Machine& machine = survey.machine();
  if (!survey.system_bundle().empty()) {
    survey.want({.kind = PartKind::Bundle, .path = survey.system_bundle()});
  }
  for (const std::string& directory :
       {system_openssl(machine).directory + "/certs", std::string("/etc/ssl/certs"),
        std::string("/etc/pki/ca-trust/extracted/pem/directory-hash")}) {
    if (has_hash_link(machine, directory)) {
      survey.want({.kind = PartKind::HashedDirectory, .path = directory});
    }
  }
  for (const std::string_view keystore : kKeystores) {
    if (machine.is_file(keystore)) {
      survey.want({.kind = PartKind::JavaKeystore, .path = std::string(keystore)});
    }
  }
}

}  // namespace medic::clients
