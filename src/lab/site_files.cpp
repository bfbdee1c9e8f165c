#include "lab/site_files.h"

#include <fmt/core.h>

#include <string_view>

#include "base/files.h"

namespace medic::lab {
namespace {

Result<std::string> write_pem(const std::filesystem::path& directory, const std::string& name,
                              const std::string& pem, FileAccess access) {
  if (pem.empty()) {
    return std::string();
  }
  const std::filesystem::path path = directory / name;
  auto written = write_file(path, pem, access);
  if (!written) {
    return std::unexpected(std::move(written).error());
  }
  return path.string();
}

}  // namespace

Result<SiteFiles> write_site_files(const Site& site, const std::filesystem::path& directory) {
  SiteFiles files;
  MEDIC_TRY(files.ca, write_pem(directory, site.id + ".ca.pem", site.ca_pem, FileAccess::Public));
  MEDIC_TRY(files.system,
            write_pem(directory, site.id + ".system.pem", site.system_pem, FileAccess::Public));
  MEDIC_TRY(files.client,
            write_pem(directory, site.id + ".client.pem", site.client_pem, FileAccess::Private));
  return files;
}

std::string curl_resolve(const Site& site) {
  std::string addresses;
  for (const std::string& address : site.addresses) {
    addresses += (addresses.empty() ? "" : ",") + address;
  }
  return fmt::format("{}:{}:{}", site.host, site.port, addresses);
}

}  // namespace medic::lab
