#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "cli/bundle_view.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {{.name = "--password-variable",
                                .kind = OptionKind::Value,
                                .value = "NAME",
                                .summary_key = "bundle.password_variable"}};
constexpr Positional kPositionals[] = {{.name = "FILE", .summary_key = "bundle.file"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic bundle lint corp.pem", .summary_key = "bundle.example_lint"}};

std::string_view weight_id(trust::Weight weight) {
  switch (weight) {
    case trust::Weight::Note:
      return "note";
    case trust::Weight::Entry:
      return "entry";
    case trust::Weight::Store:
      break;
  }
  return "store";
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(trust::Store store, read_store_at(args.positional("FILE"), args, io));
  trust::check_anchors(store, io.clock->now());
  const bool found = std::ranges::any_of(store.problems, [](const trust::StoreProblem& problem) {
    return problem.weight != trust::Weight::Note;
  });
  if (io.json) {
    nlohmann::ordered_json problems = nlohmann::ordered_json::array();
    for (const trust::StoreProblem& problem : store.problems) {
      problems.push_back({{"id", problem.id},
                          {"weight", weight_id(problem.weight)},
                          {"place", problem.place},
                          {"text", problem_line(problem, io)}});
    }
    const nlohmann::ordered_json answer = {{"schema", "tlsmedic.bundle-lint/1"},
                                           {"format", store.format},
                                           {"anchors", store.anchors.size()},
                                           {"problems", problems}};
    io.out << json_text(answer) << '\n';
    return found ? ExitCode::Found : ExitCode::Healthy;
  }
  for (const trust::StoreProblem& problem : store.problems) {
    io.out << problem_line(problem, io) << '\n';
  }
  io.out << io.message("bundle.linted", {{"count", std::to_string(store.anchors.size())},
                                         {"problems", std::to_string(store.problems.size())}})
         << '\n';
  return found ? ExitCode::Found : ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_bundle_lint{.name = "bundle lint",
                                                   .summary_key = "bundle.lint_summary",
                                                   .options = kOptions,
                                                   .positionals = kPositionals,
                                                   .examples = kExamples,
                                                   .run = run};

}  // namespace medic::cli
