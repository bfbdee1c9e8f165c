#include "cli/cure_apply.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/bytes.h"
#include "cli/cure_check.h"
#include "cli/error_text.h"

namespace medic::cli {
namespace {

Done apply_one(const Patient& patient, const Prepared& prepared, remedy::Journal& journal,
               const remedy::Verify& verify, const Io& io) {
  remedy::Engine engine(patient.tree, journal);
  const auto outcome = engine.apply(prepared.plan, io.clock->now(), verify);
  if (!outcome) {
    return {&prepared, {}, "failed", outcome.error().what};
  }
  switch (outcome->ending) {
    case remedy::Ending::Done:
      return {&prepared, outcome->entry, "applied", {}};
    case remedy::Ending::RolledBack:
      return {&prepared, outcome->entry, "rolled-back", outcome->reason.what};
    case remedy::Ending::Nothing:
      break;
  }
  return {&prepared, {}, "nothing", {}};
}

nlohmann::ordered_json prepared_json(const Prepared& one, const Io& io) {
  nlohmann::ordered_json steps = nlohmann::ordered_json::array();
  for (const remedy::Step& step : one.plan.steps) {
    steps.push_back({{"kind", remedy::step_kind_id(step.kind)},
                     {"path", escaped(step.path, 4096)},
                     {"change", change_text(step.path, step.before, step.after, io)}});
  }
  return {{"remedy", one.plan.remedy},
          {"cause", one.plan.cause},
          {"client", one.plan.client},
          {"problem", one.sentence},
          {"steps", steps},
          {"asks", one.plan.asks},
          {"refused",
           one.refused ? nlohmann::ordered_json(one.refused->what) : nlohmann::ordered_json()}};
}

}  // namespace

Result<void> agreed(bool yes, Io& io) {
  if (yes) {
    return {};
  }
  std::string answer;
  if (io.err_is_terminal && io.in != nullptr) {
    io.err << io.message("fix.question") << ' ' << std::flush;
    std::getline(*io.in, answer);
  }
  if (answer == "y" || answer == "yes" || answer == "예" || answer == "네") {
    return {};
  }
  return fail(ErrorKind::Usage, "nothing was changed: nobody agreed to the plan",
              "on a terminal you are asked; a script says --yes", "the same command with --yes");
}

Result<Applied> apply_all(const Patient& patient, const Wish& wish, Trials trials, Io& io) {
  std::optional<remedy::Controls> controls;
  if (trials == Trials::Wanted && patient.machine.live()) {
    MEDIC_TRY(controls, remedy::Controls::start(io.clock->now()));
  }
  MEDIC_TRY(remedy::Journal journal, remedy::Journal::open(patient.journal));
  Applied applied;
  std::set<std::string> attempted;
  while (!io.stopped()) {
    const clients::Inventory inventory = inventory_of(patient, io);
    applied.kept.push_back(prepare(patient, inventory, wish, io));
    const auto next = std::ranges::find_if(applied.kept.back(), [&](const Prepared& one) {
      return !one.refused && !one.plan.steps.empty() && !attempted.contains(one.key);
    });
    if (next == applied.kept.back().end()) {
      break;
    }
    attempted.insert(next->key);
    std::vector<remedy::ClientControls> tried;
    const auto verify = [&] {
      return verified({.patient = patient,
                       .before = inventory,
                       .prepared = *next,
                       .wish = wish,
                       .controls = controls ? &*controls : nullptr},
                      tried, io);
    };
    applied.done.push_back(apply_one(patient, *next, journal, verify, io));
    applied.done.back().tried = std::move(tried);
  }
  return applied;
}

bool appliable(const Prepared& one) {
  return !one.refused && !one.plan.steps.empty();
}

std::string plans_text(const std::vector<Prepared>& prepared, const std::string& root,
                       const Io& io) {
  std::string text;
  for (const Prepared& one : prepared) {
    text += one.sentence + "\n";
    text += one.refused ? error_text(*one.refused, io.language) : plan_text(one.plan, root, io);
    text += "\n";
  }
  return prepared.empty() ? io.message("fix.nothing") + "\n" : text;
}

nlohmann::ordered_json plans_json(const std::vector<Prepared>& prepared, const Io& io) {
  nlohmann::ordered_json plans = nlohmann::ordered_json::array();
  for (const Prepared& one : prepared) {
    plans.push_back(prepared_json(one, io));
  }
  return plans;
}

std::string done_text(const std::vector<Done>& done, const Io& io) {
  std::string text;
  for (const Done& one : done) {
    const text::Facts facts = {
        {"problem", one.prepared->sentence}, {"entry", one.entry}, {"reason", one.reason}};
    if (one.ending == "applied") {
      text += io.message("fix.applied", facts) + "\n";
    } else if (one.ending == "rolled-back") {
      text += io.message("fix.rolled_back", facts) + "\n";
    } else if (one.ending == "failed") {
      text += io.message("fix.failed", facts) + "\n";
    }
    text += controls_text(one.tried, io);
  }
  return text;
}

nlohmann::ordered_json done_json(const std::vector<Done>& done, const Io& io) {
  nlohmann::ordered_json endings = nlohmann::ordered_json::array();
  for (const Done& one : done) {
    endings.push_back({{"client", one.prepared->plan.client},
                       {"remedy", one.prepared->plan.remedy},
                       {"entry", one.entry},
                       {"ending", one.ending},
                       {"reason", one.reason},
                       {"tried", controls_json(one.tried, io)}});
  }
  return endings;
}

}  // namespace medic::cli
