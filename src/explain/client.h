#pragma once

// Programs and libraries that print errors: data/explain/clients.toml.

#include <string>
#include <string_view>

#include "base/embedded.h"
#include "explain/signature.h"

namespace medic::explain {

struct Client {
  std::string id;    // "pip"
  std::string name;  // "pip"
  // Who stands above whom when several print the same failure: 10 a TLS library's own tool, 20 a
  // language's TLS module, 30 an HTTP library, 40 an SDK over one, 50 a tool that people run.
  int layer = 0;
  std::string profile;  // of data/profiles, for `diagnose --profile`; empty: none fits
  // Its kind in the inventory, for `diagnose --client`: itself or what connects for it; empty: not
  // found by the inventory.
  std::string installed;
  bool server_side = false;  // its log tells of its own clients
};

std::vector<Client> parse_clients(const EmbeddedFile& file, Problems& problems);
// Null for an id that the file does not have.
const Client* find_client(std::string_view id);

}  // namespace medic::explain
