#pragma once

// TLS libraries whose words clients print: data/explain/libraries.toml.

#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "explain/signature.h"

namespace medic::explain {

struct Library {
  std::string id;    // "openssl"
  std::string name;  // "OpenSSL"
};

std::vector<Library> parse_libraries(const EmbeddedFile& file, Problems& problems);
// The name of a library; an id that the file does not have is its own name.
std::string library_name(std::string_view id);

}  // namespace medic::explain
