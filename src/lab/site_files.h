#pragma once

// The PEM files of running sites, for clients that read them from disk.

#include <filesystem>
#include <string>

#include "base/error.h"
#include "lab/lab.h"

namespace medic::lab {

struct SiteFiles {
  std::string ca;      // always
  std::string system;  // empty: the scenario has no store of its own
  std::string client;  // empty: no client certificate; else certificate and key
};

// Writes the files of one site into `directory`, named after its id.
Result<SiteFiles> write_site_files(const Site& site, const std::filesystem::path& directory);

// "host:port:address,address", as curl's --resolve takes it (also for a site that is named by its
// address).
std::string curl_resolve(const Site& site);

}  // namespace medic::lab
