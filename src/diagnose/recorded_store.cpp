#include "diagnose/recorded_store.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace medic::diagnose {
namespace {

// The anchors that a case kept, under the size and description of the store they came from.
class ReplayedStore final : public trust::AnchorSet {
 public:
  ReplayedStore(const evidence::StoreFacts& facts, std::vector<trust::Anchor> anchors)
      : id_(facts.id),
        description_(facts.description),
        size_(facts.size),
        anchors_(std::move(anchors)) {}
  [[nodiscard]] const std::string& id() const override { return id_; }
  [[nodiscard]] std::string description() const override { return description_; }
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] std::vector<trust::Anchor> by_subject(const Bytes& canonical) const override {
    std::vector<trust::Anchor> found;
    for (const trust::Anchor& anchor : anchors_) {
      if (anchor.certificate->subject.canonical == canonical) {
        found.push_back(anchor);
      }
    }
    return found;
  }
  [[nodiscard]] bool contains(const Sha256& fingerprint) const override {
    return std::ranges::any_of(anchors_, [&](const trust::Anchor& anchor) {
      return anchor.certificate->fingerprint == fingerprint;
    });
  }
  [[nodiscard]] std::vector<trust::Anchor> all() const override { return anchors_; }
  [[nodiscard]] const std::vector<std::string>& problems() const override { return problems_; }

 private:
  std::string id_;
  std::string description_;
  std::size_t size_;
  std::vector<std::string> problems_;
  std::vector<trust::Anchor> anchors_;
};

}  // namespace

RecordingStore::RecordingStore(std::string name, trust::AnchorSetPtr store)
    : name_(std::move(name)), store_(std::move(store)) {}

void RecordingStore::keep(const std::vector<trust::Anchor>& anchors) const {
  for (const trust::Anchor& anchor : anchors) {
    const bool known = std::ranges::any_of(kept_, [&](const trust::Anchor& k) {
      return k.certificate->fingerprint == anchor.certificate->fingerprint;
    });
    if (!known) {
      kept_.push_back(anchor);
    }
  }
}

std::vector<trust::Anchor> RecordingStore::by_subject(const Bytes& canonical) const {
  asked_ = true;
  std::vector<trust::Anchor> found = store_->by_subject(canonical);
  keep(found);
  return found;
}

bool RecordingStore::contains(const Sha256& fingerprint) const {
  asked_ = true;
  // The certificate itself was asked for by its subject before, or will be: nothing to keep here.
  return store_->contains(fingerprint);
}

std::vector<trust::Anchor> RecordingStore::all() const {
  asked_ = true;
  std::vector<trust::Anchor> anchors = store_->all();
  keep(anchors);
  return anchors;
}

evidence::StoreFacts RecordingStore::facts() const {
  evidence::StoreFacts facts{.id = name_,
                             .description = store_->description(),
                             .size = static_cast<std::uint32_t>(store_->size())};
  for (const trust::Anchor& anchor : kept_) {
    facts.anchors.push_back(anchor.certificate->der);
  }
  return facts;
}

Result<trust::AnchorSetPtr> replayed_store(const evidence::StoreFacts& facts) {
  std::vector<trust::Anchor> anchors;
  for (const Bytes& der : facts.anchors) {
    auto certificate = x509::parse_certificate(der);
    if (!certificate) {
      return std::unexpected(
          std::move(certificate.error()).within(fmt::format("store '{}' of the case", facts.id)));
    }
    anchors.push_back({.certificate = *std::move(certificate), .source = facts.description});
  }
  return std::make_shared<ReplayedStore>(facts, std::move(anchors));
}

}  // namespace medic::diagnose
