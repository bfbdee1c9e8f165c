#include "cli/cure.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "cli/inventory_run.h"
#include "report/inventory_json.h"
#include "trust/admission.h"
#include "trust/dating.h"

namespace medic::cli {
namespace {

using clients::Client;
using clients::Inventory;
using clients::Problem;

bool chosen(const Wish& wish, const Client& client) {
  return wish.clients.empty() || std::ranges::any_of(wish.clients, [&](const std::string& name) {
           return name == client.id || name == client.kind || name == client.path;
         });
}

Prepared prepared_from(const remedy::Case& one, std::string key, std::string sentence) {
  Prepared prepared{.plan = {},
                    .key = std::move(key),
                    .sentence = std::move(sentence),
                    .client = one.client != nullptr ? one.client->id : "",
                    .variable = one.problem != nullptr ? one.problem->origin.variable : "",
                    .refused = {},
                    .roots = one.roots};
  const remedy::Remedy* const remedy = remedy::remedy_for(one);
  if (remedy == nullptr) {
    prepared.refused = Error{
        .kind = ErrorKind::Usage,
        .what = "this version has no cure for it that it could apply",
        .matters = {},
        .next_step = one.problem != nullptr ? fmt::format("tlsmedic explain {}", one.problem->cause)
                                            : std::string()};
    return prepared;
  }
  auto plan = remedy->plan(one);
  if (plan) {
    prepared.plan = *std::move(plan);
  } else {
    prepared.refused = std::move(plan).error();
  }
  return prepared;
}

struct Found {
  const Client* client = nullptr;  // null: the machine
  const Problem* problem = nullptr;
};

// A setting is cured once for all who read it; roots that came with a package stay as they are, so
// each client that reads them is cured by itself.
// A file is repaired once, whatever is wrong with it.
std::string key_of(const Found& found) {
  if (found.problem->cause == "ca-bundle-invalid" && found.problem->id.starts_with("store-")) {
    return fmt::format("{}|{}", found.problem->cause, found.problem->subject);
  }
  const bool by_client = found.problem->cause == "stale-ca-bundle" && found.client != nullptr;
  return fmt::format("{}|{}|{}|{}|{}", by_client ? found.client->id : "", found.problem->cause,
                     found.problem->id, clients::origin_text(found.problem->origin),
                     found.problem->subject);
}

// What is wrong with a store is wrong for each client that reads it.
void add_store_problems(const Inventory& inventory, const Wish& wish, std::vector<Found>& all) {
  for (const clients::StoreRecord& store : inventory.stores) {
    for (const Client& client : inventory.clients) {
      const bool reads = std::ranges::find(store.used_by, client.id) != store.used_by.end();
      for (const Problem& problem : store.problems) {
        if (reads && store.wanted && chosen(wish, client)) {
          all.push_back({.client = &client, .problem = &problem});
        }
      }
    }
  }
}

// Every problem that the wish is about, each setting once: several clients may suffer from one.
std::vector<Found> problems_of(const Inventory& inventory, const Wish& wish) {
  std::vector<Found> all;
  for (const Client& client : inventory.clients) {
    for (const Problem& problem : client.problems) {
      if (chosen(wish, client)) {
        all.push_back({.client = &client, .problem = &problem});
      }
    }
  }
  for (const clients::VariableRecord& record : inventory.environment) {
    for (const Problem& problem : record.problems) {
      if (wish.clients.empty()) {
        all.push_back({.client = nullptr, .problem = &problem});
      }
    }
  }
  add_store_problems(inventory, wish, all);
  // Whether a client refuses what it must can be tried only once it verifies at all.
  std::ranges::stable_partition(all, [](const Found& found) {
    return found.problem->cause == "verification-disabled-on-purpose";
  });
  std::set<std::string> seen;
  std::erase_if(all, [&](const Found& found) {
    const bool wanted = wish.cause.empty() || wish.cause == found.problem->cause;
    return !wanted || !seen.insert(key_of(found)).second;
  });
  return all;
}

std::vector<Prepared> prepared_problems(const Patient& patient, const Inventory& inventory,
                                        const Wish& wish, const Io& io) {
  std::vector<Prepared> all;
  for (const Found& found : problems_of(inventory, wish)) {
    remedy::Case one = case_of(patient, inventory, io);
    one.client = found.client;
    one.problem = found.problem;
    all.push_back(
        prepared_from(one, key_of(found), report::problem_sentence(*found.problem, io.language)));
  }
  return all;
}

// Whether this user may: the nearest directory that is there takes new names.
bool may_change(const remedy::Step& step, const remedy::Plan& plan, const std::string& root) {
  std::string_view directory = machine::parent(step.path);
  const auto planned = [&](std::string_view path) {
    return std::ranges::any_of(plan.steps, [&](const remedy::Step& other) {
      return other.kind == remedy::StepKind::MakeDirectory && other.path == path;
    });
  };
  while (directory.size() > 1 && planned(directory)) {
    directory = machine::parent(directory);
  }
  const auto* const file = std::get_if<remedy::File>(&step.before);
  return (file == nullptr || file->uid == ::geteuid()) &&
         ::access((root + std::string(directory)).c_str(), W_OK) == 0;
}

Prepared verifies_nothing(const Client& client, const std::string& sentence) {
  Prepared one{.plan = {},
               .key = "roots|" + client.id,
               .sentence = sentence,
               .client = client.id,
               .variable = {},
               .refused = {},
               .roots = {}};
  one.refused = Error{.kind = ErrorKind::Usage,
                      .what = fmt::format("{} verifies nothing", escaped(client.id)),
                      .matters = "a root would change nothing as long as its check is off",
                      .next_step = fmt::format("tlsmedic fix --client {} --apply, then again",
                                               escaped(client.kind))};
  return one;
}

}  // namespace

remedy::Case case_of(const Patient& patient, const Inventory& inventory, const Io& io) {
  return {.machine = patient.machine,
          .tree = patient.tree,
          .inventory = inventory,
          .client = nullptr,
          .problem = nullptr,
          .roots = {},
          .at = io.clock->now()};
}

Result<Patient> patient_of(const Args& args, const Io& io) {
  MEDIC_TRY(machine::Machine machine, machine_of(args, io));
  MEDIC_TRY(remedy::Tree tree, remedy::Tree::open(machine.root()));
  MEDIC_TRY(std::string journal, remedy::journal_directory(io.environment, machine.root()));
  return Patient{
      .machine = std::move(machine), .tree = std::move(tree), .journal = std::move(journal)};
}

Inventory inventory_of(const Patient& patient, const Io& io) {
  return inventory_of(patient.machine, {}, true, io);
}

std::vector<Prepared> prepare(const Patient& patient, const Inventory& inventory, const Wish& wish,
                              const Io& io) {
  if (!wish.stores.empty()) {
    return prepared_stores(patient, inventory, wish, io);
  }
  std::vector<Prepared> all = prepared_problems(patient, inventory, wish, io);
  if (wish.roots.empty()) {
    return all;
  }
  for (const Client& client : inventory.clients) {
    if (!chosen(wish, client) || remedy::trusts(inventory, client, wish.roots)) {
      continue;
    }
    remedy::Case one = case_of(patient, inventory, io);
    one.client = &client;
    one.roots = wish.roots;
    const std::string sentence = io.message(
        "fix.lacks_root", {{"client", escaped(client.id)},
                           {"root", escaped(wish.roots.front()->subject.display(), 64)}});
    if (client.trust.verifies) {
      all.push_back(prepared_from(one, "roots|" + client.id, sentence));
    } else if (!wish.clients.empty()) {
      all.push_back(verifies_nothing(client, sentence));
    }
  }
  return all;
}

std::vector<x509::CertificatePtr> private_roots(const Patient& patient, const Io& io) {
  std::vector<x509::CertificatePtr> roots;
  const auto system = trust::system_anchors(patient.machine.root());
  if (!system) {
    return roots;
  }
  for (const trust::Anchor& anchor : (*system)->all()) {
    if (!trust::is_public_root(anchor.certificate->fingerprint) &&
        !trust::refusal(*anchor.certificate, io.clock->now())) {
      roots.push_back(anchor.certificate);
    }
  }
  return roots;
}

std::string plan_text(const remedy::Plan& plan, const std::string& root, const Io& io) {
  std::string text;
  const bool foreign = std::ranges::any_of(plan.steps, [&](const remedy::Step& step) {
    return ::geteuid() != 0 && !may_change(step, plan, root);
  });
  if (foreign) {
    text += io.message("fix.needs_root") + "\n";
  }
  for (const remedy::Step& step : plan.steps) {
    text += change_text(step.path, step.before, step.after, io);
  }
  for (const std::string& ask : plan.asks) {
    const std::size_t blank = ask.find(' ');
    const std::string what = escaped(ask.substr(blank + 1));
    if (ask.starts_with("unset-variable")) {
      text += io.message("fix.ask_unset", {{"name", what}}) + "\n";
    } else if (ask.starts_with("new-shell")) {
      text += io.message("fix.ask_new_shell", {{"name", what}}) + "\n";
    } else {
      text += io.message("fix.ask_by_hand", {{"place", what}}) + "\n";
    }
  }
  return text;
}

}  // namespace medic::cli
