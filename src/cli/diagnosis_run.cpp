#include "cli/diagnosis_run.h"

#include <memory>
#include <utility>

#include "evidence/recorder.h"

namespace medic::cli {
namespace {

// The name under which a case keeps the store that --roots gave for all profiles.
constexpr std::string_view kForAll = "roots";

using Recording = std::shared_ptr<const diagnose::RecordingStore>;

// Puts a recording store in place of each; what they record is read when the diagnosis is done.
std::vector<Recording> record(diagnose::Stores& stores) {
  std::vector<Recording> recordings;
  const auto wrap = [&](std::string name, trust::AnchorSetPtr& store) {
    if (store != nullptr) {
      recordings.push_back(
          std::make_shared<const diagnose::RecordingStore>(std::move(name), std::move(store)));
      store = recordings.back();
    }
  };
  wrap(std::string(kForAll), stores.for_all);
  for (auto& [id, store] : stores.by_id) {
    wrap(id, store);
  }
  return recordings;
}

}  // namespace

Result<FinishedDiagnosis> run_diagnosis(evidence::Case facts, diagnose::Stores stores,
                                        evidence::World& world) {
  // Without --roots every profile's store decides, asked or not.
  const bool roots_given = stores.for_all != nullptr;
  const std::vector<Recording> recordings = record(stores);
  FinishedDiagnosis finished{.facts = std::move(facts), .diagnosis = {}};
  evidence::Recorder recorder(world, finished.facts);
  MEDIC_TRY(finished.diagnosis, diagnose::diagnose(finished.facts, recorder, std::move(stores)));
  for (const Recording& store : recordings) {
    if (store->was_asked() || !roots_given) {
      finished.facts.stores.push_back(store->facts());
    }
  }
  return finished;
}

Result<FinishedDiagnosis> replay_diagnosis(evidence::Case facts) {
  diagnose::Stores stores;
  for (const evidence::StoreFacts& kept : facts.stores) {
    MEDIC_TRY(trust::AnchorSetPtr store, diagnose::replayed_store(kept));
    if (kept.id == kForAll) {
      stores.for_all = std::move(store);
    } else {
      stores.by_id[kept.id] = std::move(store);
    }
  }
  FinishedDiagnosis finished{.facts = std::move(facts), .diagnosis = {}};
  evidence::Replay replay(finished.facts);
  MEDIC_TRY(finished.diagnosis, diagnose::diagnose(finished.facts, replay, std::move(stores)));
  return finished;
}

Result<diagnose::Stores> open_stores(const std::string& roots, const std::string& system_roots) {
  diagnose::Stores stores;
  if (!roots.empty()) {
    MEDIC_TRY(stores.for_all, trust::open_anchors(roots));
  }
  stores.by_id["mozilla"] = trust::mozilla_anchors();
  if (!roots.empty() && system_roots.empty()) {
    stores.by_id["system"] = trust::lazy_system_anchors();  // only experiments ask it
    return stores;
  }
  auto system = system_roots.empty() ? trust::system_anchors() : trust::read_anchors(system_roots);
  if (system) {
    stores.by_id["system"] = *std::move(system);
  } else if (!system_roots.empty()) {
    return std::unexpected(std::move(system.error()));
  } else {
    stores.missing["system"] = system.error().what;
  }
  return stores;
}

}  // namespace medic::cli
