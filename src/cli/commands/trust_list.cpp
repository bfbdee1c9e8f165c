#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "cli/cure.h"
#include "cli/trust_text.h"
#include "trust/dating.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--root", .kind = OptionKind::Value, .value = "DIR", .summary_key = "inventory.root"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic trust list", .summary_key = "trust.example_list"}};

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const Patient patient, patient_of(args, io));
  const clients::Inventory inventory = inventory_of(patient, io);
  std::vector<HeldRoot> roots = held_roots(inventory);
  std::erase_if(roots, [](const HeldRoot& root) {
    return trust::is_public_root(root.certificate->fingerprint);
  });
  if (io.json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const HeldRoot& root : roots) {
      list.push_back(held_json(root));
    }
    const nlohmann::ordered_json answer = {{"schema", "tlsmedic.trust-list/1"}, {"roots", list}};
    io.out << json_text(answer) << '\n';
    return ExitCode::Healthy;
  }
  for (const HeldRoot& root : roots) {
    io.out << io.message("trust.listed", {{"root", escaped(root.certificate->subject.display())},
                                          {"until", iso_date(root.certificate->not_after)}})
           << '\n'
           << held_text(root, io);
  }
  if (roots.empty()) {
    io.out << io.message("trust.none") << '\n';
  }
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_trust_list{.name = "trust list",
                                                  .summary_key = "trust.list_summary",
                                                  .options = kOptions,
                                                  .examples = kExamples,
                                                  .run = run};

}  // namespace medic::cli
