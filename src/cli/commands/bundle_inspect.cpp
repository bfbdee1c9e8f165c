#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <span>

#include "base/json.h"
#include "base/terminal.h"
#include "cli/bundle_view.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {{.name = "--password-variable",
                                .kind = OptionKind::Value,
                                .value = "NAME",
                                .summary_key = "bundle.password_variable"}};
constexpr Positional kPositionals[] = {{.name = "FILE", .summary_key = "bundle.file"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic bundle inspect system", .summary_key = "bundle.example_inspect"}};

constexpr std::size_t kShownDigits = 16;  // of 64: enough to tell them apart by eye

nlohmann::ordered_json anchor_json(const trust::Anchor& anchor) {
  const x509::Certificate& certificate = *anchor.certificate;
  return {{"subject", escaped(certificate.subject.display())},
          {"fingerprint", hex(certificate.fingerprint)},
          {"not_after", rfc3339(certificate.not_after)},
          {"place", anchor.place},
          {"public", trust::is_public_root(certificate.fingerprint)}};
}

void print_json(const trust::Store& store, Io& io) {
  const auto list = [](std::span<const trust::Anchor> anchors) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const trust::Anchor& anchor : anchors) {
      all.push_back(anchor_json(anchor));
    }
    return all;
  };
  const nlohmann::ordered_json answer = {{"schema", "tlsmedic.bundle-inspect/1"},
                                         {"format", store.format},
                                         {"trusted", list(store.anchors)},
                                         {"untrusted", list(store.untrusted)},
                                         {"distrusted", list(store.distrusted)}};
  io.out << json_text(answer) << '\n';
}

void print_list(std::string_view heading, std::span<const trust::Anchor> anchors, Io& io) {
  if (anchors.empty()) {
    return;
  }
  io.out << io.message(heading, {{"count", std::to_string(anchors.size())}}) << '\n';
  for (const trust::Anchor& anchor : anchors) {
    const x509::Certificate& certificate = *anchor.certificate;
    io.out << fmt::format(
        "  {}  {}  {}{}\n", hex(certificate.fingerprint).substr(0, kShownDigits),
        iso_date(certificate.not_after), escaped(certificate.subject.display(), 64),
        trust::is_public_root(certificate.fingerprint) ? "" : io.message("bundle.local_mark"));
  }
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const trust::Store store, read_store_at(args.positional("FILE"), args, io));
  if (io.json) {
    print_json(store, io);
    return ExitCode::Healthy;
  }
  print_list("bundle.heading_trusted", store.anchors, io);
  print_list("bundle.heading_untrusted", store.untrusted, io);
  print_list("bundle.heading_distrusted", store.distrusted, io);
  io.out << dating_text(trust::date_anchors(store.anchors), io) << '\n';
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_bundle_inspect{.name = "bundle inspect",
                                                      .summary_key = "bundle.inspect_summary",
                                                      .options = kOptions,
                                                      .positionals = kPositionals,
                                                      .examples = kExamples,
                                                      .run = run};

}  // namespace medic::cli
