#include "cli/client_rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/bytes.h"
#include "cli/inventory_run.h"
#include "clients/repair.h"
#include "clients/trial.h"

namespace medic::cli {
namespace {

using clients::Client;
using clients::Inventory;

// Keeps the store under an id of its own and returns it; empty: it cannot be opened.
std::string keep_store(const Inventory& inventory, const clients::EffectiveTrust& trust,
                       diagnose::Stores& stores) {
  if (!trust.unknown.empty()) {
    return {};
  }
  std::string id = trust.store;
  if (id.empty()) {
    id = "none";
  }
  if (!stores.by_id.contains(id)) {
    trust::AnchorSetPtr set = opened_store(inventory, trust);
    if (set == nullptr) {
      return {};
    }
    stores.by_id[id] = std::move(set);
  }
  return id;
}

std::string fact(const clients::Problem& problem, std::string_view name) {
  const auto at = problem.facts.find(name);
  return at == problem.facts.end() ? std::string() : at->second;
}

// What the system's loader and the interpreter say, in English like every message of a client.
std::string reason_of(const clients::Problem& problem) {
  if (problem.id == "python-ssl-absent") {
    return "No module named '_ssl'";
  }
  if (problem.id == "tls-library-not-searched") {
    return fmt::format("{}: not found; it lies in {}, which is not searched",
                       fact(problem, "library"), fact(problem, "directory"));
  }
  if (problem.id == "tls-library-absent") {
    return fmt::format("{}: cannot open shared object file", fact(problem, "library"));
  }
  if (problem.id == "tls-library-lacks-version") {
    return fmt::format("{}: version `{}' not found", fact(problem, "path"),
                       fact(problem, "lacking"));
  }
  if (problem.id == "tls-library-lacks-symbol") {
    return fmt::format("{}: undefined symbol: {}", fact(problem, "path"), fact(problem, "lacking"));
  }
  if (problem.id == "python-ssl-damaged" || problem.id.starts_with("tls-library-")) {
    return fmt::format("{}: cannot be loaded", fact(problem, "path"));
  }
  return problem.id;
}

evidence::ClientProblem problem_facts(const machine::Machine& machine,
                                      const clients::Problem& problem) {
  // A library that is missing is a fault of the module that needs it.
  const bool library = problem.id.starts_with("tls-library-");
  std::string rule = fact(problem, "name");
  if (rule.empty()) {
    rule = problem.origin.variable.empty() ? problem.id : problem.origin.variable;
  }
  std::string place = clients::origin_text(problem.origin);
  if (place.empty()) {
    place = problem.subject;
  }
  return {.cause = problem.cause,
          .subject = library ? fact(problem, "module") : problem.subject,
          .rule = std::move(rule),
          .place = machine.display(place),
          .reason = reason_of(problem)};
}

// pip's trusted-host and its like switch verification off for the hosts they list.
bool lists_host(std::string_view hosts, const evidence::TargetFacts& target) {
  const std::string with_port = fmt::format("{}:{}", target.host, target.port);
  while (!hosts.empty()) {
    const std::size_t end = std::min(hosts.find_first_of(" \n,"), hosts.size());
    const std::string_view one = hosts.substr(0, end);
    if (one == target.host || one == with_port) {
      return true;
    }
    hosts.remove_prefix(std::min(end + 1, hosts.size()));
  }
  return false;
}

evidence::ClientFacts facts_of(const machine::Machine& machine, const Client& client,
                               const evidence::TargetFacts& target) {
  evidence::ClientFacts facts{.id = client.id,
                              .kind = client.kind,
                              .version = client.version,
                              .profile = client.profile,
                              .rule = client.trust.rule,
                              .verifies = client.trust.verifies};
  for (const clients::Rule& rule : client.trust.trace) {
    const bool fatal = rule.outcome == clients::Outcome::Fatal;
    if (!rule.trouble.empty() && (fatal || rule.outcome == clients::Outcome::Broken)) {
      const bool in_file = rule.origin.variable.empty() && !rule.origin.file.empty();
      facts.broken.push_back(
          {.rule = rule.name,
           .path = rule.value,
           .trouble = rule.trouble,
           .place = in_file ? machine.display(clients::origin_text(rule.origin)) : std::string(),
           .fatal = fatal});
    }
  }
  for (const clients::Problem& problem : client.problems) {
    if (problem.id == "pip-trusted-host" || problem.id == "hosts-verification-off") {
      if (!lists_host(problem.subject, target)) {
        continue;
      }
      facts.verifies = false;
    }
    // Unusable settings stand in `broken`.
    if (problem.cause != "ca-path-broken" && problem.cause != "ca-bundle-invalid") {
      facts.problems.push_back(problem_facts(machine, problem));
    }
  }
  return facts;
}

// The edition of Mozilla's list that the client's store is nearest to, when it is an old one.
std::string old_edition(const Inventory& inventory, const clients::EffectiveTrust& trust) {
  using Match = trust::Dating::Match;
  for (const clients::StoreRecord& record : inventory.stores) {
    if (record.id == trust.store && record.dating && !record.dating->newest_edition &&
        record.dating->match != Match::None && record.dating->match != Match::Partial) {
      return record.dating->edition;
    }
  }
  return {};
}

// An interpreter on a busy machine takes its time before it connects.
constexpr std::chrono::seconds kStartUp{10};

clients::TrialTarget trial_target(const evidence::Case& facts) {
  return {.host = facts.target.host,
          .port = facts.target.port,
          .address = facts.asked.addresses.empty() ? "" : facts.asked.addresses.front(),
          .deadline = std::chrono::milliseconds(facts.asked.deadline_ms) + kStartUp};
}

std::optional<std::string_view> no_trial_because(const evidence::Case& facts) {
  if (!facts.target.starttls.empty()) {
    return "diagnose.trial-starttls";
  }
  return facts.asked.sni ? std::optional<std::string_view>("diagnose.trial-sni") : std::nullopt;
}

// Runs the clients and keeps what they said in their rows.
void add_trials(const machine::Machine& machine, const std::vector<const Client*>& chosen,
                const Io& io, evidence::Case& facts) {
  if (const auto because = no_trial_because(facts)) {
    for (evidence::ClientFacts& row : facts.clients) {
      row.trial = {.verdict = "not-run", .said = std::string(*because)};
    }
    return;
  }
  const clients::TrialTarget target = trial_target(facts);
  const std::vector<clients::TrialResult> results = clients::run_trials(
      machine, chosen, target,
      [&](const Client& client) {
        io.progress->step(io.message("diagnose.trial-step", {{"client", escaped(client.id)}}));
      },
      [&] { return io.stopped(); });
  for (std::size_t i = 0; i < results.size(); ++i) {
    facts.clients[i].trial = {.verdict = std::string(trial_verdict_id(results[i].verdict)),
                              .said = results[i].said,
                              .address = target.address,
                              .took_ms = static_cast<std::uint32_t>(results[i].took.count())};
  }
}

// Some clients, or their settings, are about one server only, or speak no HTTPS.
bool asks_target(const Client& client, const evidence::TargetFacts& target) {
  const std::string& host = client.reach.host;
  return client.reach.protocol.empty() && (host.empty() || host == target.host ||
                                           host == fmt::format("{}:{}", target.host, target.port));
}

// The clients that --client and --clients name, each once.
Result<std::vector<const Client*>> chosen_clients(const std::vector<std::string>& names,
                                                  const machine::Machine& machine,
                                                  const Inventory& inventory,
                                                  const evidence::TargetFacts& target) {
  std::vector<const Client*> chosen;
  for (const std::string& name : names) {
    const std::vector<const Client*> found = clients::clients_named(inventory, name);
    if (found.empty() && name != "all") {
      return std::unexpected(no_such_client(machine, name));
    }
    for (const Client* client : found) {
      if (asks_target(*client, target) && std::ranges::find(chosen, client) == chosen.end()) {
        chosen.push_back(client);
      }
    }
  }
  return chosen;
}

}  // namespace

trust::AnchorSetPtr opened_store(const Inventory& inventory, const clients::EffectiveTrust& trust) {
  std::vector<trust::AnchorSetPtr> sets;
  std::size_t at = 0;
  while (at < trust.store.size()) {
    // Ids are joined by '+' in the order of the parts; a path may hold one, so parts are found by
    // the longest id that fits.
    const clients::StoreRecord* best = nullptr;
    for (const clients::StoreRecord& record : inventory.stores) {
      if (std::string_view(trust.store).substr(at).starts_with(record.id) &&
          (best == nullptr || record.id.size() > best->id.size())) {
        best = &record;
      }
    }
    if (best == nullptr || best->anchors == nullptr) {
      return nullptr;
    }
    sets.push_back(best->anchors);
    at += best->id.size() + 1;
  }
  if (sets.size() == 1) {
    return sets.front();
  }
  std::vector<trust::Anchor> anchors;
  for (const trust::AnchorSetPtr& set : sets) {
    const std::vector<trust::Anchor> all = set->all();
    anchors.insert(anchors.end(), all.begin(), all.end());
  }
  return trust::make_anchor_set(trust.store.empty() ? "none" : trust.store, trust.store,
                                std::move(anchors));
}

Result<void> add_client_rows(const Args& args, const Io& io, evidence::Case& facts,
                             diagnose::Stores& stores) {
  std::vector<std::string> names = args.values("--client");
  if (args.value("--clients", "none") == "all") {
    names = {"all"};
  }
  if (names.empty()) {
    return {};
  }
  MEDIC_TRY(const machine::Machine machine,
            machine::Machine::open({.root = {}, .environment = io.environment}));
  const Inventory inventory = inventory_of(machine, {}, false, io);
  MEDIC_TRY(const std::vector<const Client*> chosen,
            chosen_clients(names, machine, inventory, facts.target));
  const bool broken = std::ranges::any_of(chosen, [&](const Client* client) {
    return !facts_of(machine, *client, facts.target).broken.empty();
  });
  const Inventory healed =
      broken ? clients::without_broken_settings(machine, inventory) : Inventory();
  for (const Client* client : chosen) {
    evidence::ClientFacts row = facts_of(machine, *client, facts.target);
    row.store = keep_store(inventory, client->trust, stores);
    row.old_edition = old_edition(inventory, client->trust);
    for (const Client& other : healed.clients) {
      if (!row.broken.empty() && other.id == client->id && clients::only_repaired(*client, other)) {
        row.repaired_store = keep_store(healed, other.trust, stores);
      }
    }
    facts.clients.push_back(std::move(row));
  }
  if (!args.flag("--no-trials")) {
    add_trials(machine, chosen, io, facts);
  }
  if (!args.has("--profile")) {
    facts.asked.profiles = "none";
  }
  return {};
}

}  // namespace medic::cli
