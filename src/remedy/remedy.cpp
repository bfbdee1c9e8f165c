#include "remedy/remedy.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "trust/anchors.h"

namespace medic::remedy {
namespace {

std::set<Sha256> anchors_of(const clients::Inventory& inventory, const clients::Client& client) {
  std::set<Sha256> all;
  for (const clients::StoreRecord& store : inventory.stores) {
    if (store.anchors == nullptr ||
        std::ranges::find(store.used_by, client.id) == store.used_by.end()) {
      continue;
    }
    for (const trust::Anchor& anchor : store.anchors->all()) {
      all.insert(anchor.certificate->fingerprint);
    }
  }
  return all;
}

const clients::Client* find_client(const clients::Inventory& inventory, std::string_view id) {
  const auto found = std::ranges::find(inventory.clients, id, &clients::Client::id);
  return found == inventory.clients.end() ? nullptr : &*found;
}

std::string problem_ids(const clients::Client& client) {
  std::string all;
  for (const clients::Problem& problem : client.problems) {
    all += problem.id + '|' + problem.subject + '|';
  }
  return all;
}

}  // namespace

const Remedy* remedy_for(const Case& one) {
  for (const Remedy* remedy : remedy_registry()) {
    if (remedy->fits(one)) {
      return remedy;
    }
  }
  return nullptr;
}

bool trusts(const clients::Inventory& inventory, const clients::Client& client,
            std::span<const x509::CertificatePtr> roots) {
  const std::set<Sha256> anchors = anchors_of(inventory, client);
  return std::ranges::all_of(
      roots, [&](const x509::CertificatePtr& root) { return anchors.contains(root->fingerprint); });
}

Result<void> still_sound(const clients::Inventory& before, const clients::Inventory& after,
                         std::string_view client, std::span<const x509::CertificatePtr> roots) {
  const clients::Client* const now = find_client(after, client);
  const clients::Client* const then = find_client(before, client);
  if (now == nullptr || then == nullptr) {
    return fail(ErrorKind::Data, fmt::format("'{}' is not there any more", escaped(client)));
  }
  if (!now->trust.verifies) {
    return fail(ErrorKind::Data, fmt::format("'{}' verifies nothing", escaped(client)));
  }
  if (!trusts(after, *now, roots)) {
    return fail(ErrorKind::Data,
                fmt::format("'{}' still does not read the private root", escaped(client)),
                fmt::format("what it trusts is decided by {}", now->trust.rule),
                fmt::format("tlsmedic inventory why {}", client));
  }
  return keeps_public_roots(before, after, client);
}

Result<void> keeps_public_roots(const clients::Inventory& before, const clients::Inventory& after,
                                std::string_view client) {
  const clients::Client* const now = find_client(after, client);
  const clients::Client* const then = find_client(before, client);
  if (now == nullptr || then == nullptr) {
    return {};
  }
  const std::set<Sha256> had = anchors_of(before, *then);
  const std::set<Sha256> has = anchors_of(after, *now);
  for (const trust::Anchor& root : trust::mozilla_anchors()->all()) {
    const Sha256& fingerprint = root.certificate->fingerprint;
    if (had.contains(fingerprint) && !has.contains(fingerprint)) {
      return fail(ErrorKind::Data,
                  fmt::format("'{}' would lose the public root '{}'", escaped(client),
                              escaped(root.certificate->subject.display())));
    }
  }
  return {};
}

std::vector<const clients::Client*> affected_clients(const clients::Inventory& before,
                                                     const clients::Inventory& after) {
  std::vector<const clients::Client*> changed;
  for (const clients::Client& now : after.clients) {
    const clients::Client* const then = find_client(before, now.id);
    const bool same = then != nullptr && then->trust.store == now.trust.store &&
                      then->trust.rule == now.trust.rule &&
                      then->trust.verifies == now.trust.verifies &&
                      problem_ids(*then) == problem_ids(now) &&
                      anchors_of(before, *then) == anchors_of(after, now);
    if (!same) {
      changed.push_back(&now);
    }
  }
  return changed;
}

Result<std::string> real_path(const Case& one, const std::string& path) {
  if (one.machine.link_target(path) && ::geteuid() == 0) {
    return fail(ErrorKind::Usage, fmt::format("'{}' is a link", escaped(path)),
                "root follows no link into a file that another user may have chosen",
                "name the file itself, or run as the user whose file it is");
  }
  if (const auto real = one.machine.resolve(path)) {
    return *real;
  }
  // Not there: the nearest directory above that is, and the rest as it stands.
  std::string rest;
  std::string_view above = path;
  while (above.size() > 1) {
    rest = fmt::format("/{}{}", machine::base_name(above), rest);
    above = machine::parent(above);
    if (const auto real = one.machine.resolve(above.empty() ? "/" : above)) {
      return (*real == "/" ? std::string() : *real) + rest;
    }
  }
  return path;
}

Result<void> add_file(const Case& one, Plan& plan, StepKind kind, const std::string& path,
                      std::string bytes) {
  MEDIC_TRY(const std::string real, real_path(one, path));
  MEDIC_TRY(const State before, one.tree.look(real));
  std::vector<Step> directories;
  for (std::string_view above = machine::parent(real); above.size() > 1;
       above = machine::parent(above)) {
    MEDIC_TRY(const State there, one.tree.look(above));
    if (!std::holds_alternative<Absent>(there)) {
      break;
    }
    const bool planned =
        std::ranges::any_of(plan.steps, [&](const Step& step) { return step.path == above; });
    if (!planned) {
      directories.insert(directories.begin(), {.kind = StepKind::MakeDirectory,
                                               .path = std::string(above),
                                               .before = Absent{},
                                               .after = Directory{.mode = 0755}});
    }
  }
  plan.steps.insert(plan.steps.end(), directories.begin(), directories.end());
  File after{.bytes = std::move(bytes),
             .mode = 0644,
             .uid = ::geteuid(),
             .gid = ::getegid(),
             .mtime_ns = 0,
             .attributes = {}};
  if (const File* const file = std::get_if<File>(&before)) {
    after.mode = file->mode;
    after.uid = file->uid;
    after.gid = file->gid;
    after.attributes = file->attributes;
  } else if (!std::holds_alternative<Absent>(before)) {
    return fail(ErrorKind::Usage, fmt::format("'{}' is no file", escaped(real)));
  } else {
    kind = StepKind::CreateFile;
  }
  plan.steps.push_back({.kind = kind, .path = real, .before = before, .after = std::move(after)});
  return {};
}

}  // namespace medic::remedy
