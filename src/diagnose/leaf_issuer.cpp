#include "diagnose/leaf_issuer.h"

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

x509::CertificatePtr leaf_issuer(Bench& bench, const std::vector<x509::CertificatePtr>& chain) {
  const auto order = issuing_order(chain, bench.base().issuers);
  if (order.size() > 1) {
    return order[1];
  }
  std::vector<trust::AnchorSetPtr> stores = {bench.stores().for_all};
  for (const auto& [id, store] : bench.stores().by_id) {
    stores.push_back(store);
  }
  for (const trust::AnchorSetPtr& store : stores) {
    if (store != nullptr) {
      const auto anchors = store->by_subject(chain.front()->issuer.canonical);
      if (!anchors.empty()) {
        return anchors.front().certificate;
      }
    }
  }
  return nullptr;
}

}  // namespace medic::diagnose
