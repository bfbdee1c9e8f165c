#include "diagnose/path_end.h"

#include <algorithm>

namespace medic::diagnose {
namespace {

// A chain longer than this is hostile; real ones have up to five certificates.
constexpr std::size_t kMaxOrder = 16;

bool key_ids_agree(const x509::Certificate& child, const x509::Certificate& issuer) {
  return !child.authority_key_id || child.authority_key_id->key_id.empty() ||
         !issuer.subject_key_id || child.authority_key_id->key_id == *issuer.subject_key_id;
}

}  // namespace

std::vector<x509::CertificatePtr> issuing_order(const std::vector<x509::CertificatePtr>& sent,
                                                const std::vector<x509::CertificatePtr>& extra) {
  std::vector<x509::CertificatePtr> order;
  if (sent.empty()) {
    return order;
  }
  order.push_back(sent.front());
  while (!order.back()->self_issued() && order.size() < kMaxOrder) {
    const x509::Certificate& child = *order.back();
    const auto next_in =
        [&](const std::vector<x509::CertificatePtr>& from) -> x509::CertificatePtr {
      for (const x509::CertificatePtr& candidate : from) {
        const bool used = std::ranges::any_of(order, [&](const x509::CertificatePtr& c) {
          return c->fingerprint == candidate->fingerprint;
        });
        if (!used && candidate->subject.canonical == child.issuer.canonical &&
            key_ids_agree(child, *candidate)) {
          return candidate;
        }
      }
      return nullptr;
    };
    x509::CertificatePtr next = next_in(sent);
    if (next == nullptr) {
      next = next_in(extra);
    }
    if (next == nullptr) {
      break;
    }
    order.push_back(std::move(next));
  }
  return order;
}

}  // namespace medic::diagnose
