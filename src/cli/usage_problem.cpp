#include "cli/usage_problem.h"

#include <utility>

namespace medic::cli {

Error usage_error(const UsageProblem& problem, text::Language language) {
  std::string matters;
  if (!problem.nearest.empty()) {
    matters = text::message(language, "cli.did_you_mean", {{"words", problem.nearest}});
  }
  return Error{.kind = ErrorKind::Usage,
               .what = text::message(language, problem.key, problem.facts),
               .matters = std::move(matters),
               .next_step = problem.example};
}

}  // namespace medic::cli
