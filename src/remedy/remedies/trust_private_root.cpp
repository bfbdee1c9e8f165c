// A private root that the system trusts, or that the person vouches for, goes into the store of one
// client: into the bundle that its own setting names, else into a bundle of its own beside today's
// public roots, named by a key that only this client reads, else by a variable.

#include <fmt/core.h>

#include <algorithm>

#include "remedy/places.h"
#include "remedy/remedy.h"
#include "trust/admission.h"
#include "x509/container.h"

namespace medic::remedy {
namespace {

bool fits(const Case& one) {
  return one.problem == nullptr && one.client != nullptr && !one.roots.empty();
}

std::string described(const x509::Certificate& root) {
  return fmt::format("# {}\n# SHA-256 {}\n{}", escaped(root.subject.display(), 100),
                     trust::fingerprint_text(root.fingerprint), x509::pem(root));
}

// The PEM file that a setting or variable of the person named and that decides; null: none.
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
    const bool shared =
        std::ranges::any_of(one.inventory.stores, [&](const clients::StoreRecord& store) {
          return store.part.path == rule.value && store.id == "system";
        });
    if (bundle && !shared) {
      return &rule;
    }
  }
  return nullptr;
}

Result<void> append(const Case& one, const std::string& path, Plan& plan) {
  MEDIC_TRY(const std::string real, real_path(one, path));
  MEDIC_TRY(const State before, one.tree.look(real));
  const File* const file = std::get_if<File>(&before);
  if (file == nullptr) {
    return fail(ErrorKind::Usage, fmt::format("'{}' is no file", escaped(path)));
  }
  std::string bytes = file->bytes;
  const bool crlf = bytes.find("\r\n") != std::string::npos;
  if (!bytes.empty() && !bytes.ends_with('\n')) {
    bytes += crlf ? "\r\n" : "\n";
  }
  for (const x509::CertificatePtr& root : one.roots) {
    bytes += described(*root);
  }
  return add_file(one, plan, StepKind::AppendToFile, path, std::move(bytes));
}

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
std::string startup_file(const machine::Machine& machine) {
  const std::string shell = machine.variable("SHELL").value_or("");
  return machine.expanded(shell.ends_with("/zsh") ? "~/.zshenv" : "~/.profile");
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

Result<void> give_bundle(const Case& one, const Place& place, Plan& plan) {
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
  return set_key(one,
                 {.file = startup_file(one.machine),
                  .editor = "posix-shell",
                  .key = {.section = {}, .name = std::string(place.variable)},
                  .value = real},
                 plan);
}

Result<Plan> plan(const Case& one) {
  Plan plan{.remedy = "trust-private-root",
            .cause = "private-ca-not-trusted",
            .client = one.client->id,
            .subject = one.roots.front()->subject.display(),
            .steps = {},
            .asks = {},
            .variables = {}};
  if (!one.client->trust.verifies || trusts(one.inventory, *one.client, one.roots)) {
    return plan;
  }
  Result<void> done;
  if (const clients::Rule* const rule = own_bundle(one)) {
    done = append(one, rule->value, plan);
  } else {
    const Place* const place = place_of(one.client->kind);
    if (place == nullptr || one.machine.family() != machine::Family::Linux) {
      return by_hand(one);
    }
    done = give_bundle(one, *place, plan);
  }
  if (!done) {
    return std::unexpected(std::move(done).error());
  }
  return plan;
}

}  // namespace

extern constinit const Remedy remedy_trust_private_root{
    .id = "trust-private-root", .fits = fits, .plan = plan};

}  // namespace medic::remedy
