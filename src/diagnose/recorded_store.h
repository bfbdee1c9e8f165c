#pragma once

// Trust stores in a case: what a diagnosis looked up is kept, so that a replay on another machine
// sees the same anchors.

#include <memory>

#include "evidence/case.h"
#include "trust/anchors.h"

namespace medic::diagnose {

// Passes every question on to `store` and remembers the answers.
class RecordingStore final : public trust::AnchorSet {
 public:
  // `name` is the id under which the diagnosis knows this store: "roots", "system", "mozilla".
  RecordingStore(std::string name, trust::AnchorSetPtr store);
  [[nodiscard]] const std::string& id() const override { return name_; }
  [[nodiscard]] std::string description() const override {
    asked_ = true;
    return store_->description();
  }
  [[nodiscard]] std::size_t size() const override {
    asked_ = true;
    return store_->size();
  }
  [[nodiscard]] std::vector<trust::Anchor> by_subject(const Bytes& canonical) const override;
  [[nodiscard]] bool contains(const Sha256& fingerprint) const override;
  [[nodiscard]] std::vector<trust::Anchor> all() const override;
  [[nodiscard]] const std::vector<std::string>& problems() const override {
    return store_->problems();
  }

  // A store that nobody asked anything has no part in the case.
  [[nodiscard]] bool was_asked() const { return asked_; }
  // What was answered so far.
  [[nodiscard]] evidence::StoreFacts facts() const;

 private:
  void keep(const std::vector<trust::Anchor>& anchors) const;

  std::string name_;
  trust::AnchorSetPtr store_;
  mutable bool asked_ = false;
  mutable std::vector<trust::Anchor> kept_;  // each certificate once, in the order first seen
};

// A store that answers from a case. A damaged anchor in it is an Error.
Result<trust::AnchorSetPtr> replayed_store(const evidence::StoreFacts& facts);

}  // namespace medic::diagnose
