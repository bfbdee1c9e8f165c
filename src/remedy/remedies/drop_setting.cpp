// A setting that names what is not there, or that switches verification off, is taken away at the
// line where it stands: the client then goes by its own rules again, which verify.

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "clients/survey.h"
#include "remedy/places.h"
#include "remedy/remedy.h"

namespace medic::remedy {
namespace {

bool curable(const clients::Problem& problem) {
  return problem.cause == "verification-disabled-on-purpose" || problem.cause == "ca-path-broken" ||
         (problem.cause == "ca-bundle-invalid" && problem.id.starts_with("path-"));
}

// The key that stands on this line, by the reader of the file's syntax.
std::optional<settings::Key> key_at(const settings::Editor& editor, const std::string& text,
                                    int line) {
  for (const settings::Entry& entry : editor.read("", text).entries) {
    if (entry.line == line && entry.path.size() == (editor.sections ? 2U : 1U)) {
      return editor.sections ? settings::Key{.section = entry.path[0], .name = entry.path[1]}
                             : settings::Key{.section = {}, .name = entry.path[0]};
    }
  }
  return std::nullopt;
}

bool fits(const Case& one) {
  return one.problem != nullptr && curable(*one.problem) &&
         (!one.problem->origin.file.empty() || !one.problem->origin.variable.empty());
}

Result<void> drop(const Case& one, const clients::Origin& origin, Plan& plan) {
  const settings::Editor* const editor = editor_of_file(origin.file);
  const auto text = one.machine.read(origin.file);
  const auto key = editor != nullptr && text ? key_at(*editor, *text, origin.line) : std::nullopt;
  if (!key) {
    plan.asks.push_back(fmt::format("remove-setting {}", clients::origin_text(origin)));
    return {};
  }
  MEDIC_TRY(std::string rest, settings::without_key(*editor, *text, *key));
  return add_file(one, plan, StepKind::EditKey, origin.file, std::move(rest));
}

// A variable of this process: the start-up files that set it, and the shell that already has it.
Result<void> drop_variable(const Case& one, const std::string& name, Plan& plan) {
  for (const clients::VariableRecord& record : one.inventory.environment) {
    if (record.name == name && !record.origin.file.empty()) {
      if (auto done = drop(one, record.origin, plan); !done) {
        return done;
      }
    }
  }
  if (one.machine.variable(name)) {
    plan.asks.push_back("unset-variable " + name);
  }
  return {};
}

Result<Plan> plan(const Case& one) {
  const bool off = one.problem->cause == "verification-disabled-on-purpose";
  Plan plan{.remedy = off ? "enable-verification" : "fix-ca-path",
            .cause = one.problem->cause,
            .client = one.client != nullptr ? one.client->id : std::string(),
            .subject = one.problem->subject,
            .steps = {},
            .asks = {},
            .variables = {}};
  const clients::Origin& origin = one.problem->origin;
  auto done = origin.variable.empty() || !origin.file.empty()
                  ? drop(one, origin, plan)
                  : drop_variable(one, origin.variable, plan);
  if (!done) {
    return std::unexpected(std::move(done).error());
  }
  return plan;
}

}  // namespace

extern constinit const Remedy remedy_drop_setting{.id = "drop-setting", .fits = fits, .plan = plan};

}  // namespace medic::remedy
