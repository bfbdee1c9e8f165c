#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/json.h"
#include "cli/cure.h"
#include "cli/cure_apply.h"
#include "cli/cure_wish.h"
#include "cli/trust_request.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--client",
     .kind = OptionKind::Repeated,
     .value = "NAME",
     .summary_key = "fix.client"},
    {.name = "--cause", .kind = OptionKind::Value, .value = "ID", .summary_key = "fix.cause"},
    {.name = "--apply", .summary_key = "fix.apply"},
    {.name = "--yes", .summary_key = "fix.yes"},
    {.name = "--no-trials", .summary_key = "fix.no_trials"},
    {.name = "--resume", .summary_key = "fix.resume"},
    {.name = "--add", .kind = OptionKind::Repeated, .value = "FILE", .summary_key = "fix.add"},
    kSha256Option,
    {.name = "--resolve",
     .kind = OptionKind::Repeated,
     .value = "HOST:PORT:ADDRESS",
     .summary_key = "fix.resolve"},
    {.name = "--proxy", .kind = OptionKind::Value, .value = "URL", .summary_key = "fix.proxy"},
    {.name = "--root", .kind = OptionKind::Value, .value = "DIR", .summary_key = "fix.root"}};
constexpr Positional kPositionals[] = {
    {.name = "TARGET", .summary_key = "fix.target", .required = false}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic fix", .summary_key = "fix.example_plan"},
    {.command = "tlsmedic fix --client pip --apply", .summary_key = "fix.example_client"},
    {.command = "tlsmedic fix https://intranet.example --client git",
     .summary_key = "fix.example_target"}};

void print_json(const std::vector<Prepared>& prepared, const std::vector<Done>& done, Io& io) {
  const nlohmann::ordered_json answer = {{"schema", "tlsmedic.fix/1"},
                                         {"plans", plans_json(prepared, io)},
                                         {"done", done_json(done, io)}};
  io.out << json_text(answer) << '\n';
}

Result<ExitCode> resume(const Patient& patient, Io& io) {
  MEDIC_TRY(remedy::Journal journal, remedy::Journal::open(patient.journal));
  MEDIC_TRY(std::vector<remedy::Entry> entries, journal.entries());
  remedy::Engine engine(patient.tree, journal);
  std::size_t resumed = 0;
  for (remedy::Entry& entry : entries) {
    if (entry.state == remedy::EntryState::Begun || entry.state == remedy::EntryState::Undoing) {
      if (auto done = engine.resume(entry); !done) {
        return std::unexpected(std::move(done).error().within(entry.id));
      }
      io.out << io.message("fix.resumed",
                           {{"entry", entry.id},
                            {"state", std::string(remedy::entry_state_id(entry.state))}})
             << '\n';
      ++resumed;
    }
  }
  if (resumed == 0) {
    io.out << io.message("fix.nothing_to_resume") << '\n';
  }
  return ExitCode::Healthy;
}

Result<ExitCode> apply(const Args& args, const Patient& patient, const Wish& wish,
                       const std::vector<Prepared>& prepared, Io& io) {
  if (auto done = agreed(args.flag("--yes"), io); !done) {
    return std::unexpected(std::move(done).error());
  }
  const Trials trials = args.flag("--no-trials") ? Trials::Unwanted : Trials::Wanted;
  MEDIC_TRY(const Applied applied, apply_all(patient, wish, trials, io));
  if (io.json) {
    print_json(prepared, applied.done, io);
  } else {
    io.out << done_text(applied.done, io);
  }
  const bool all =
      std::ranges::all_of(applied.done, [](const Done& one) { return one.ending == "applied"; });
  return all && std::ranges::all_of(prepared, appliable) ? ExitCode::Healthy : ExitCode::Found;
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const Patient patient, patient_of(args, io));
  if (args.flag("--resume")) {
    return resume(patient, io);
  }
  MEDIC_TRY(const Wish wish, wish_of(args, patient, io));
  const std::vector<Prepared> prepared = prepare(patient, inventory_of(patient, io), wish, io);
  const bool any = std::ranges::any_of(prepared, appliable);
  if (!io.json) {
    io.out << plans_text(prepared, patient.machine.root(), io);
  }
  if (args.flag("--apply") && any) {
    return apply(args, patient, wish, prepared, io);
  }
  if (io.json) {
    print_json(prepared, {}, io);
  } else if (any) {
    io.out << io.message("fix.how_to_apply") << '\n';
  }
  return prepared.empty() ? ExitCode::Healthy : ExitCode::Found;
}

}  // namespace

extern constinit const Command command_fix{.name = "fix",
                                           .summary_key = "fix.summary",
                                           .options = kOptions,
                                           .positionals = kPositionals,
                                           .examples = kExamples,
                                           .run = run};

}  // namespace medic::cli
