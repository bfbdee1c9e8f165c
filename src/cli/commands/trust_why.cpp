#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "cli/cure.h"
#include "cli/trust_text.h"
#include "trust/dating.h"
#include "x509/container.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--root", .kind = OptionKind::Value, .value = "DIR", .summary_key = "inventory.root"}};
constexpr Positional kPositionals[] = {{.name = "FINGERPRINT", .summary_key = "trust.fingerprint"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic trust why FINGERPRINT", .summary_key = "trust.example_why"}};

bool holds(const remedy::State& state, const std::string& pem) {
  const auto* const file = std::get_if<remedy::File>(&state);
  return file != nullptr && file->bytes.find(pem) != std::string::npos;
}

// A change of ours that is in force and wrote this root.
bool put_there(const remedy::Entry& entry, const std::string& pem) {
  return entry.state == remedy::EntryState::Applied &&
         std::ranges::any_of(entry.plan.steps, [&](const remedy::Step& step) {
           return holds(step.after, pem) && !holds(step.before, pem);
         });
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const Patient patient, patient_of(args, io));
  const clients::Inventory inventory = inventory_of(patient, io);
  MEDIC_TRY(const std::vector<HeldRoot> roots,
            roots_named(held_roots(inventory), args.positional("FINGERPRINT")));
  MEDIC_TRY(const std::vector<remedy::Entry> entries, remedy::Journal::read(patient.journal));
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const HeldRoot& root : roots) {
    const bool known = trust::is_public_root(root.certificate->fingerprint);
    std::string text = io.message(known ? "trust.public" : "trust.private",
                                  {{"name", escaped(root.certificate->subject.display())}}) +
                       "\n" + held_text(root, io);
    nlohmann::ordered_json changes = nlohmann::ordered_json::array();
    for (const remedy::Entry& entry : entries) {
      if (put_there(entry, x509::pem(*root.certificate))) {
        changes.push_back(entry.id);
        text += "  " +
                io.message("trust.journal", {{"entry", entry.id}, {"date", iso_date(entry.at)}}) +
                "\n";
      }
    }
    list.push_back(held_json(root));
    list.back()["changes"] = changes;
    if (!io.json) {
      io.out << text;
    }
  }
  if (io.json) {
    const nlohmann::ordered_json answer = {{"schema", "tlsmedic.trust-why/1"}, {"roots", list}};
    io.out << json_text(answer) << '\n';
  } else if (roots.empty()) {
    io.out << io.message("trust.unknown") << '\n';
  }
  return roots.empty() ? ExitCode::Found : ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_trust_why{.name = "trust why",
                                                 .summary_key = "trust.why_summary",
                                                 .options = kOptions,
                                                 .positionals = kPositionals,
                                                 .examples = kExamples,
                                                 .run = run};

}  // namespace medic::cli
