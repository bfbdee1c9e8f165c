#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ranges>
#include <string>

#include "base/json.h"
#include "cli/cure.h"
#include "remedy/merge.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--last", .summary_key = "undo.last"},
    {.name = "--all", .summary_key = "undo.all"},
    {.name = "--dry-run", .summary_key = "undo.dry_run"},
    {.name = "--force-merge", .summary_key = "undo.force_merge"},
    {.name = "--root", .kind = OptionKind::Value, .value = "DIR", .summary_key = "fix.root"}};
constexpr Positional kPositionals[] = {{.name = "ID", .summary_key = "undo.id", .required = false}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic undo", .summary_key = "undo.example_list"},
    {.command = "tlsmedic undo --last --dry-run", .summary_key = "undo.example_last"}};

using remedy::Entry;
using remedy::EntryState;

void print_list(const std::vector<Entry>& entries, Io& io) {
  for (const Entry& entry : entries) {
    io.out << fmt::format("{}  {}  {}  {}  {}\n", entry.id, remedy::entry_state_id(entry.state),
                          entry.plan.remedy, escaped(entry.plan.client),
                          escaped(entry.plan.subject, 64));
  }
  if (entries.empty()) {
    io.out << io.message("undo.empty") << '\n';
  }
}

nlohmann::ordered_json entry_json(const Entry& entry) {
  nlohmann::ordered_json paths = nlohmann::ordered_json::array();
  for (const remedy::Step& step : entry.plan.steps) {
    paths.push_back(escaped(step.path, 4096));
  }
  return {{"id", entry.id},
          {"state", remedy::entry_state_id(entry.state)},
          {"at", rfc3339(entry.at)},
          {"remedy", entry.plan.remedy},
          {"cause", entry.plan.cause},
          {"client", escaped(entry.plan.client)},
          {"subject", escaped(entry.plan.subject)},
          {"paths", paths}};
}

void print_json(const std::vector<Entry>& entries, Io& io) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Entry& entry : entries) {
    list.push_back(entry_json(entry));
  }
  const nlohmann::ordered_json answer = {{"schema", "tlsmedic.undo/1"}, {"entries", list}};
  io.out << json_text(answer) << '\n';
}

// Newest first, as later changes stand on earlier ones.
Result<std::vector<Entry>> selected(const Args& args, std::vector<Entry> entries) {
  std::ranges::reverse(entries);
  std::erase_if(entries, [](const Entry& entry) { return entry.state == EntryState::Undone; });
  if (args.flag("--all")) {
    return entries;
  }
  const std::string id = args.positional("ID");
  if (!id.empty()) {
    std::erase_if(entries, [&](const Entry& entry) { return entry.id != id; });
    if (entries.empty()) {
      return fail(ErrorKind::Usage, fmt::format("no change '{}' can be undone", escaped(id)),
                  "the journal has none of that name, or it was undone already", "tlsmedic undo");
    }
  }
  entries.resize(std::min<std::size_t>(entries.size(), 1));
  return entries;
}

void show(const Entry& entry, Io& io) {
  for (const remedy::Step& step : std::views::reverse(entry.plan.steps)) {
    io.out << change_text(step.path, step.after, step.before, io);
  }
}

// The way back through files that somebody changed since: what they wrote stays. It is a change of
// its own, so that it can be undone too.
Result<remedy::Plan> merge_plan(const Entry& entry, const remedy::Tree& tree) {
  remedy::Plan plan{.remedy = "undo-merge",
                    .cause = entry.plan.cause,
                    .client = entry.plan.client,
                    .subject = entry.id,
                    .steps = {},
                    .asks = {},
                    .variables = {}};
  for (const remedy::Step& step : std::views::reverse(entry.plan.steps)) {
    MEDIC_TRY(remedy::State found, tree.look(step.path));
    remedy::State wanted = step.before;
    if (found != step.after && found != step.before) {
      const auto* const before = std::get_if<remedy::File>(&step.before);
      const auto* const ours = std::get_if<remedy::File>(&step.after);
      const auto* const theirs = std::get_if<remedy::File>(&found);
      const auto text = before != nullptr && ours != nullptr && theirs != nullptr
                            ? remedy::taken_back(before->bytes, ours->bytes, theirs->bytes)
                            : std::nullopt;
      if (!text) {
        return fail(ErrorKind::Data, fmt::format("'{}' cannot be merged", escaped(step.path)),
                    "somebody changed the very lines that this change wrote",
                    "tlsmedic undo --dry-run shows both; edit the file by hand");
      }
      remedy::File merged = *theirs;
      merged.bytes = *text;
      merged.mtime_ns = 0;
      wanted = std::move(merged);
    }
    plan.steps.push_back({.kind = step.kind,
                          .path = step.path,
                          .before = std::move(found),
                          .after = std::move(wanted)});
  }
  return plan;
}

struct Undoing {
  const Args& args;
  const Patient& patient;
  remedy::Journal& journal;
  remedy::Engine& engine;
};

Result<ExitCode> undo_merged(Entry& entry, const Undoing& undoing, Io& io) {
  MEDIC_TRY(const remedy::Plan plan, merge_plan(entry, undoing.patient.tree));
  for (const remedy::Step& step : plan.steps) {
    io.err << change_text(step.path, step.before, step.after, io);
  }
  if (undoing.args.flag("--dry-run")) {
    return ExitCode::Healthy;
  }
  MEDIC_TRY(const remedy::Outcome outcome, undoing.engine.apply(plan, io.clock->now()));
  if (auto set = undoing.journal.set_state(entry, EntryState::Undone); !set) {
    return std::unexpected(std::move(set).error());
  }
  if (!io.json) {
    io.out << io.message("undo.merged", {{"entry", entry.id}}) << '\n';
  }
  return ExitCode::Healthy;
}

// What stands in the way; true: something does.
Result<bool> obstructed(const remedy::Engine& engine, const Entry& entry, Io& io) {
  MEDIC_TRY(const std::vector<remedy::Changed> others, engine.changed(entry));
  for (const remedy::Changed& other : others) {
    io.out << io.message("undo.changed_since", {{"path", escaped(other.path)}}) << '\n'
           << change_text(other.path, other.expected, other.found, io);
  }
  return !others.empty();
}

Result<ExitCode> undo_one(Entry& entry, const Undoing& undoing, Io& io) {
  const bool dry_run = undoing.args.flag("--dry-run");
  if (dry_run) {
    show(entry, io);
  }
  MEDIC_TRY(const bool stuck, obstructed(undoing.engine, entry, io));
  if (stuck) {
    return undoing.args.flag("--force-merge") ? undo_merged(entry, undoing, io) : ExitCode::Found;
  }
  if (dry_run) {
    return ExitCode::Healthy;
  }
  if (auto done = undoing.engine.undo(entry); !done) {
    return std::unexpected(std::move(done).error());
  }
  if (!io.json) {
    io.out << io.message("undo.undone", {{"entry", entry.id}}) << '\n';
  }
  return ExitCode::Healthy;
}

Result<ExitCode> undo_entries(const Args& args, const Patient& patient, Io& io) {
  MEDIC_TRY(remedy::Journal journal, remedy::Journal::open(patient.journal));
  MEDIC_TRY(std::vector<Entry> all, journal.entries());
  MEDIC_TRY(std::vector<Entry> entries, selected(args, std::move(all)));
  remedy::Engine engine(patient.tree, journal);
  ExitCode code = ExitCode::Healthy;
  for (Entry& entry : entries) {
    const auto done = undo_one(
        entry, {.args = args, .patient = patient, .journal = journal, .engine = engine}, io);
    if (!done) {
      return std::unexpected(Error(done.error()).within(entry.id));
    }
    code = *done == ExitCode::Found ? ExitCode::Found : code;
  }
  if (entries.empty() && !io.json) {
    io.out << io.message("undo.empty") << '\n';
  }
  return code;
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const Patient patient, patient_of(args, io));
  const bool asked = args.flag("--last") || args.flag("--all") || !args.positional("ID").empty();
  ExitCode code = ExitCode::Healthy;
  if (asked) {
    MEDIC_TRY(code, undo_entries(args, patient, io));
    if (!io.json) {
      return code;
    }
  }
  MEDIC_TRY(const std::vector<Entry> entries, remedy::Journal::read(patient.journal));
  if (io.json) {
    print_json(entries, io);
  } else {
    print_list(entries, io);
  }
  return code;
}

}  // namespace

extern constinit const Command command_undo{.name = "undo",
                                            .summary_key = "undo.summary",
                                            .options = kOptions,
                                            .positionals = kPositionals,
                                            .examples = kExamples,
                                            .run = run};

}  // namespace medic::cli
