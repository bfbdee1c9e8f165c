#pragma once

// What the clients of PHP share: which settings an interpreter reads, and its curl extension.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/libcurl.h"
#include "machine/machine.h"

namespace medic::clients {

// "8.2"; empty: the program's name does not tell.
std::string php_version(const machine::Machine& machine, std::string_view path);

// php.ini and the files that add to it, in the order read.
std::vector<std::string> php_ini_files(const machine::Machine& machine, const std::string& version,
                                       std::string_view program);

struct PhpCurl {
  std::string path;  // curl.so
  Libcurl library;
};
// None: no such extension, or one without a libcurl that can be found.
std::optional<PhpCurl> php_curl_of(const machine::Machine& machine);

}  // namespace medic::clients
