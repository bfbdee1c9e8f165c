#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <span>

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
    {.command = "tlsmedic bundle date system", .summary_key = "bundle.example_date"}};

nlohmann::ordered_json names(std::span<const trust::PublicRoot> roots) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const trust::PublicRoot& root : roots) {
    list.push_back({{"name", root.name}, {"fingerprint", hex(root.fingerprint)}});
  }
  return list;
}

void print_names(std::string_view heading, std::span<const trust::PublicRoot> roots, Io& io) {
  if (roots.empty()) {
    return;
  }
  io.out << io.message(heading, {{"count", std::to_string(roots.size())}}) << '\n';
  for (const trust::PublicRoot& root : roots) {
    io.out << fmt::format("  {}{}\n", root.name,
                          root.operated_by.empty() ? "" : fmt::format(" ({})", root.operated_by));
  }
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const trust::Store store, read_store_at(args.positional("FILE"), args, io));
  const trust::Dating dating = trust::date_anchors(store.anchors);
  const bool found = !dating.lacks.empty() || !dating.distrusted.empty() || dating.replaced();
  if (io.json) {
    const nlohmann::ordered_json answer = {
        {"schema", "tlsmedic.bundle-date/1"},
        {"match", trust::match_id(dating.match)},
        {"edition", dating.edition.empty() ? nlohmann::ordered_json()
                                           : nlohmann::ordered_json(dating.edition)},
        {"newest_edition", dating.newest_edition},
        {"public_roots", dating.public_roots},
        {"local_roots", dating.local.size()},
        {"missing", dating.missing},
        {"surplus", dating.surplus},
        {"replaced", dating.replaced()},
        {"lacks", names(dating.lacks)},
        {"expired", names(dating.expired)},
        {"distrusted", names(dating.distrusted)},
        {"text", dating_text(dating, io)}};
    io.out << json_text(answer) << '\n';
    return found ? ExitCode::Found : ExitCode::Healthy;
  }
  io.out << dating_text(dating, io) << '\n';
  print_names("bundle.heading_lacks", dating.lacks, io);
  print_names("bundle.heading_carries_distrusted", dating.distrusted, io);
  print_names("bundle.heading_carries_expired", dating.expired, io);
  return found ? ExitCode::Found : ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_bundle_date{.name = "bundle date",
                                                   .summary_key = "bundle.date_summary",
                                                   .options = kOptions,
                                                   .positionals = kPositionals,
                                                   .examples = kExamples,
                                                   .run = run};

}  // namespace medic::cli
