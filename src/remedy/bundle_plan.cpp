#include "remedy/bundle_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "remedy/places.h"
#include "settings/edit.h"
#include "trust/anchors.h"
#include "trust/merged_bundle.h"

namespace medic::remedy {

namespace {

// A bundle that others read as well: the system's own, by whatever name, or a package's file.
bool shared(const Case& one, const std::string& path) {
  const std::string real = one.machine.resolve(path).value_or(path);
  const auto same = [&](std::string_view other) {
    return one.machine.resolve(other).value_or(std::string(other)) == real;
  };
  const bool of_system =
      std::ranges::any_of(trust::system_bundle_paths(), same) ||
      std::ranges::any_of(one.inventory.stores, [&](const clients::StoreRecord& store) {
        return store.id == "system" && same(store.part.path);
      });
  const bool packaged = (real.starts_with("/usr/") && !real.starts_with("/usr/local/")) ||
                        real.find("-packages/") != std::string::npos;
  return of_system || packaged;
}

}  // namespace

const clients::Rule* own_bundle(const Case& one) {
  const clients::EffectiveTrust& trust = one.client->trust;
  for (const clients::Rule& rule : trust.trace) {
    const bool chosen = rule.kind == clients::RuleKind::Setting ||
                        rule.kind == clients::RuleKind::Variable ||
                        rule.kind == clients::RuleKind::Option;
    const bool counts =
        rule.outcome == clients::Outcome::Won || rule.outcome == clients::Outcome::Added;
    if (!chosen || !counts) {
      continue;
    }
    const bool bundle = std::ranges::any_of(trust.parts, [&](const clients::StorePart& part) {
      return part.path == rule.value && part.kind == clients::PartKind::Bundle;
    });
    if (bundle && !shared(one, rule.value)) {
      return &rule;
    }
  }
  return nullptr;
}

namespace {

// Today's public roots, what the system and this client trust besides, and the new ones.
std::string bundle_for(const Case& one) {
  std::vector<trust::RootSource> sources;
  sources.push_back({.label = "Mozilla", .anchors = trust::mozilla_anchors()->all()});
  for (const clients::StoreRecord& store : one.inventory.stores) {
    const bool used = std::ranges::find(store.used_by, one.client->id) != store.used_by.end();
    if (store.anchors != nullptr && (used || store.id == "system")) {
      sources.push_back(
          {.label = used ? store.part.path : "system", .anchors = store.anchors->all()});
    }
  }
  trust::RootSource added{.label = "vouched for", .anchors = {}};
  for (const x509::CertificatePtr& root : one.roots) {
    added.anchors.push_back({.certificate = root, .source = "vouched for"});
  }
  sources.push_back(std::move(added));
  return trust::commented_pem(
      trust::merged_roots(sources, one.at),
      fmt::format("tlsmedic: extended trust of {}, {}", one.client->kind, iso_date(one.at)));
}

// Where a login shell of this person sets variables.
struct StartUp {
  std::string_view shell;
  std::string_view file;
  std::string_view editor;
};
constexpr auto kStartUps = std::to_array<StartUp>({
    {"/zsh", "~/.zshenv", "posix-shell"},
    {"/fish", "~/.config/fish/config.fish", "fish"},
    {"/csh", "~/.cshrc", "csh"},
    {"/tcsh", "~/.tcshrc", "csh"},
    {"", "~/.profile", "posix-shell"},
});

const StartUp& start_up(const machine::Machine& machine) {
  const std::string shell = machine.variable("SHELL").value_or("");
  return *std::ranges::find_if(kStartUps,
                               [&](const StartUp& one) { return shell.ends_with(one.shell); });
}

struct Setting {
  std::string file;
  std::string_view editor;
  settings::Key key;
  std::string value;
};

Result<void> set_key(const Case& one, const Setting& setting, Plan& plan) {
  const std::string text = one.machine.read(setting.file).value_or(std::string());
  MEDIC_TRY(std::string edited, settings::with_key(*settings::find_editor(setting.editor), text,
                                                   setting.key, setting.value));
  return add_file(one, plan, StepKind::EditKey, setting.file, std::move(edited));
}

std::unexpected<Error> by_hand(const Case& one) {
  return fail(ErrorKind::Usage,
              fmt::format("this version cannot change what {} trusts", one.client->kind),
              "its store is of a kind that tlsmedic does not write yet",
              "tlsmedic run --with-trust -- COMMAND, or tlsmedic bundle build --format jks");
}

}  // namespace

Result<void> give_bundle(const Case& one, Plan& plan) {
  const Place* const known = place_of(one.client->kind);
  if (known == nullptr || one.machine.family() != machine::Family::Linux) {
    return by_hand(one);
  }
  const Place& place = *known;
  const std::string data = one.machine.variable("XDG_DATA_HOME").value_or("~/.local/share");
  const std::string bundle =
      one.machine.expanded(fmt::format("{}/tlsmedic/{}.pem", data, one.client->kind));
  if (auto done = add_file(one, plan, StepKind::ReplaceFile, bundle, bundle_for(one)); !done) {
    return done;
  }
  const std::string real = plan.steps.back().path;
  if (!place.file.empty()) {
    return set_key(one,
                   {.file = one.machine.expanded(place.file),
                    .editor = place.editor,
                    .key = {.section = std::string(place.section), .name = std::string(place.key)},
                    .value = real},
                   plan);
  }
  plan.variables.emplace_back(place.variable, real);
  plan.asks.push_back("new-shell " + std::string(place.variable));
  const StartUp& file = start_up(one.machine);
  return set_key(one,
                 {.file = one.machine.expanded(file.file),
                  .editor = file.editor,
                  .key = {.section = {}, .name = std::string(place.variable)},
                  .value = real},
                 plan);
}

}  // namespace medic::remedy
