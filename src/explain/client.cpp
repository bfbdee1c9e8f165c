#include "explain/client.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/embedded.h"
#include "base/toml.h"
#include "explain/data.h"
#include "explain/signature.h"

namespace medic::explain {
namespace {

std::vector<Client> embedded_clients() {
  const EmbeddedFile* file = data_file("data/explain/clients.toml");
  MEDIC_CHECK(file != nullptr);
  Problems problems;
  std::vector<Client> clients = parse_clients(*file, problems);
  MEDIC_CHECK(problems.empty());  // the build checked the file
  return clients;
}

}  // namespace

std::vector<Client> parse_clients(const EmbeddedFile& file, Problems& problems) {
  const auto root = parse_toml(as_text(file.bytes), file.path);
  if (!root) {
    problems.push_back(root.error().what);
    return {};
  }
  std::vector<Client> clients;
  for (const std::string& id : (*root)->keys()) {
    const TomlTable* table = (*root)->table(id);
    if (table == nullptr) {
      continue;
    }
    Client client;
    client.id = id;
    client.name = table->string("name");
    const std::int64_t layer = table->integer("layer");
    if (layer < 1 || layer > 99) {
      table->report("layer", "expected 1 to 99");
    }
    client.layer = static_cast<int>(layer);
    client.profile = table->optional_string("profile").value_or("");
    client.installed = table->optional_string("installed").value_or("");
    client.server_side = table->optional_boolean("server_side").value_or(false);
    clients.push_back(std::move(client));
  }
  const std::vector<std::string> found = (*root)->problems();
  problems.insert(problems.end(), found.begin(), found.end());
  return clients;
}

const Client* find_client(std::string_view id) {
  static const std::vector<Client> clients = embedded_clients();
  const auto at = std::find_if(clients.begin(), clients.end(),
                               [&](const Client& client) { return client.id == id; });
  return at == clients.end() ? nullptr : &*at;
}

}  // namespace medic::explain
