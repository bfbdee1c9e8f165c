#include "cli/trust_text.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "trust/dating.h"

namespace medic::cli {

std::string held_text(const HeldRoot& root, const Io& io) {
  std::string text = fmt::format("  SHA-256 {}\n  SHA-1   {}\n", hex(root.certificate->fingerprint),
                                 sha1_text(*root.certificate));
  for (const Holder& holder : root.holders) {
    const clients::StoreRecord& store = *holder.store;
    std::string clients = io.message("trust.held_nobody");
    if (!store.used_by.empty()) {
      clients.clear();
      for (const std::string& client : store.used_by) {
        clients += (clients.empty() ? "" : ", ") + escaped(client);
      }
    }
    const std::string name = store.part.path.empty() ? store.id : store.part.path;
    text += "  " +
            io.message("trust.held",
                       {{"store", escaped(name)},
                        {"place", holder.place.empty() ? "" : " (" + escaped(holder.place) + ")"},
                        {"clients", clients}}) +
            "\n";
  }
  return text;
}

nlohmann::ordered_json held_json(const HeldRoot& root) {
  nlohmann::ordered_json stores = nlohmann::ordered_json::array();
  for (const Holder& holder : root.holders) {
    const clients::StoreRecord& store = *holder.store;
    nlohmann::ordered_json clients = nlohmann::ordered_json::array();
    for (const std::string& client : store.used_by) {
      clients.push_back(escaped(client, 4096));
    }
    stores.push_back({{"id", escaped(store.id, 4096)},
                      {"kind", clients::part_kind_id(store.part.kind)},
                      {"path", escaped(store.part.path, 4096)},
                      {"place", escaped(holder.place)},
                      {"clients", clients}});
  }
  return {{"subject", escaped(root.certificate->subject.display())},
          {"fingerprint", hex(root.certificate->fingerprint)},
          {"sha1", sha1_text(*root.certificate)},
          {"not_after", rfc3339(root.certificate->not_after)},
          {"public", trust::is_public_root(root.certificate->fingerprint)},
          {"stores", stores}};
}

}  // namespace medic::cli
