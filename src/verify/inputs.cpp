#include "verify/inputs.h"

namespace medic::verify {

const std::vector<StoreView::Entry>& StoreView::by_subject(std::uint32_t name_id,
                                                           const Bytes& canonical) {
  const auto [at, added] = found_.try_emplace(name_id);
  if (added && anchors_ != nullptr) {
    for (trust::Anchor& anchor : anchors_->by_subject(canonical)) {
      at->second.push_back(
          {.facts = &cache_.facts(anchor.certificate), .source = std::move(anchor.source)});
    }
  }
  return at->second;
}

const StoreView::Entry* StoreView::same(const CertificateFacts& certificate) {
  for (const Entry& entry :
       by_subject(certificate.subject_id, certificate.certificate->subject.canonical)) {
    if (entry.facts == &certificate) {
      return &entry;
    }
  }
  return nullptr;
}

}  // namespace medic::verify
