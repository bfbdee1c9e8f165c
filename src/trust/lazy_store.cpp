// A store that is opened when it is first asked: reading the system's bundle costs 7 million
// instructions, and a diagnosis with --roots asks it only when something is wrong.

#include <memory>
#include <mutex>
#include <utility>

#include "trust/anchors.h"

namespace medic::trust {
namespace {

class LazySystemAnchors final : public AnchorSet {
 public:
  [[nodiscard]] const std::string& id() const override { return id_; }
  [[nodiscard]] std::string description() const override { return opened().description(); }
  [[nodiscard]] std::size_t size() const override { return opened().size(); }
  [[nodiscard]] std::vector<Anchor> by_subject(const Bytes& canonical) const override {
    return opened().by_subject(canonical);
  }
  [[nodiscard]] bool contains(const Sha256& fingerprint) const override {
    return opened().contains(fingerprint);
  }
  [[nodiscard]] std::vector<Anchor> all() const override { return opened().all(); }
  [[nodiscard]] const std::vector<std::string>& problems() const override {
    return problem_.empty() ? opened().problems() : problem_;
  }

 private:
  const AnchorSet& opened() const {
    std::call_once(once_, [this] {
      auto system = system_anchors();
      if (system) {
        store_ = *std::move(system);
      } else {
        problem_ = {system.error().what};
        store_ = make_anchor_set(id_, system.error().what, {});
      }
    });
    return *store_;
  }

  std::string id_ = "system";
  mutable std::once_flag once_;
  mutable AnchorSetPtr store_;
  mutable std::vector<std::string> problem_;
};

}  // namespace

AnchorSetPtr lazy_system_anchors() {
  return std::make_shared<LazySystemAnchors>();
}

}  // namespace medic::trust
