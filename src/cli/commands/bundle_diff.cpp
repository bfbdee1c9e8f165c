#include <fmt/core.h>

#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "base/json.h"
#include "cli/bundle_view.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {{.name = "--password-variable",
                                .kind = OptionKind::Value,
                                .value = "NAME",
                                .summary_key = "bundle.password_variable"}};
constexpr Positional kPositionals[] = {{.name = "OLD", .summary_key = "bundle.old"},
                                       {.name = "NEW", .summary_key = "bundle.new"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic bundle diff mozilla system", .summary_key = "bundle.example_diff"}};

using Anchors = std::map<Sha256, const trust::Anchor*>;

Anchors indexed(const trust::Store& store) {
  Anchors anchors;
  for (const trust::Anchor& anchor : store.anchors) {
    anchors.emplace(anchor.certificate->fingerprint, &anchor);
  }
  return anchors;
}

// What of `anchors` is not in `others`, in the order of the fingerprints.
std::vector<const trust::Anchor*> only_in(const Anchors& anchors, const Anchors& others) {
  std::vector<const trust::Anchor*> only;
  for (const auto& [fingerprint, anchor] : anchors) {
    if (others.find(fingerprint) == others.end()) {
      only.push_back(anchor);
    }
  }
  return only;
}

nlohmann::ordered_json list_of(std::span<const trust::Anchor* const> anchors) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const trust::Anchor* anchor : anchors) {
    list.push_back({{"subject", escaped(anchor->certificate->subject.display())},
                    {"fingerprint", hex(anchor->certificate->fingerprint)}});
  }
  return list;
}

void print(std::string_view sign, std::span<const trust::Anchor* const> anchors, Io& io) {
  for (const trust::Anchor* anchor : anchors) {
    io.out << fmt::format("{} {}  {}\n", sign, hex(anchor->certificate->fingerprint),
                          escaped(anchor->certificate->subject.display(), 64));
  }
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const trust::Store before, read_store_at(args.positional("OLD"), args, io));
  MEDIC_TRY(const trust::Store after, read_store_at(args.positional("NEW"), args, io));
  const Anchors old_anchors = indexed(before);
  const Anchors new_anchors = indexed(after);
  const auto removed = only_in(old_anchors, new_anchors);
  const auto added = only_in(new_anchors, old_anchors);
  const bool same = removed.empty() && added.empty();
  if (io.json) {
    const nlohmann::ordered_json answer = {{"schema", "tlsmedic.bundle-diff/1"},
                                           {"same", same},
                                           {"removed", list_of(removed)},
                                           {"added", list_of(added)}};
    io.out << json_text(answer) << '\n';
  } else if (same) {
    io.out << io.message("bundle.same", {{"count", std::to_string(new_anchors.size())}}) << '\n';
  } else {
    print("-", removed, io);
    print("+", added, io);
  }
  return same ? ExitCode::Healthy : ExitCode::Found;
}

}  // namespace

extern constinit const Command command_bundle_diff{.name = "bundle diff",
                                                   .summary_key = "bundle.diff_summary",
                                                   .options = kOptions,
                                                   .positionals = kPositionals,
                                                   .examples = kExamples,
                                                   .run = run};

}  // namespace medic::cli
