#include "cli/trust_change.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/json.h"
#include "cli/cure_apply.h"
#include "remedy/system_layout.h"

namespace medic::cli {
namespace {

void print_json(const std::vector<Prepared>& prepared, const std::vector<Done>& done, Io& io) {
  const nlohmann::ordered_json answer = {{"schema", "tlsmedic.trust-change/1"},
                                         {"plans", plans_json(prepared, io)},
                                         {"done", done_json(done, io)}};
  io.out << json_text(answer) << '\n';
}

void print_next_run(const Patient& patient, const std::vector<Prepared>& prepared, Io& io) {
  const remedy::SystemLayout* const layout = remedy::system_layout(patient.machine);
  const bool system = std::ranges::any_of(
      prepared, [](const Prepared& one) { return one.store == "system" && appliable(one); });
  if (system && layout != nullptr && !io.quiet) {
    io.out << io.message("trust.next_run", {{"tool", std::string(layout->tool)}}) << '\n';
  }
}

}  // namespace

Result<std::vector<std::string>> listed(const std::string& text,
                                        std::span<const std::string_view> known) {
  std::vector<std::string> words;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!known.empty() && std::ranges::find(known, word) == known.end()) {
      return fail(ErrorKind::Usage, fmt::format("no store is called '{}'", escaped(word)),
                  fmt::format("there are {}", fmt::join(known, ", ")));
    }
    words.emplace_back(word);
  }
  return words;
}

std::optional<std::string> store_password(const Args& args, const Io& io) {
  const std::string name = args.value("--password-variable");
  return name.empty() ? std::nullopt : std::optional<std::string>(variable(io.environment, name));
}

Result<ExitCode> change_trust(const Args& args, const Patient& patient, const Wish& wish, Io& io) {
  const std::vector<Prepared> prepared = prepare(patient, inventory_of(patient, io), wish, io);
  const bool any = std::ranges::any_of(prepared, appliable);
  const bool all = std::ranges::all_of(prepared, appliable);
  if (!io.json) {
    io.out << (prepared.empty() ? io.message("trust.already") + "\n"
                                : plans_text(prepared, patient.machine.root(), io));
    print_next_run(patient, prepared, io);
  }
  if (args.flag("--dry-run") || !any) {
    if (io.json) {
      print_json(prepared, {}, io);
    }
    return all ? ExitCode::Healthy : ExitCode::Found;
  }
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
  const bool done =
      std::ranges::all_of(applied.done, [](const Done& one) { return one.ending == "applied"; });
  return all && done ? ExitCode::Healthy : ExitCode::Found;
}

}  // namespace medic::cli
