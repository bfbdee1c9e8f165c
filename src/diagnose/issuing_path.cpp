#include "diagnose/issuing_path.h"

#include "diagnose/path_end.h"

namespace medic::diagnose {

std::vector<x509::CertificatePtr> standing_chain(Bench& bench, std::size_t endpoint,
                                                 const evidence::Handshake** handshake) {
  const auto& changed = bench.base().handshakes;
  const evidence::Handshake* standing = endpoint < changed.size() && changed[endpoint] != nullptr
                                            ? changed[endpoint]
                                            : bench.endpoints()[endpoint].main;
  if (handshake != nullptr) {
    *handshake = standing;
  }
  return standing != nullptr ? bench.chain(*standing) : std::vector<x509::CertificatePtr>{};
}

std::vector<x509::CertificatePtr> issuing_path(Bench& bench,
                                               const std::vector<x509::CertificatePtr>& chain) {
  auto path = issuing_order(chain, bench.base().issuers);
  if (path.empty() || path.back()->self_issued()) {
    return path;
  }
  std::vector<trust::AnchorSetPtr> stores = {bench.stores().for_all};
  for (const auto& [id, store] : bench.stores().by_id) {
    stores.push_back(store);
  }
  for (const trust::AnchorSetPtr& store : stores) {
    if (store == nullptr) {
      continue;
    }
    const auto anchors = store->by_subject(path.back()->issuer.canonical);
    if (!anchors.empty()) {
      path.push_back(anchors.front().certificate);
      break;
    }
  }
  return path;
}

}  // namespace medic::diagnose
