#include "clients/survey.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/startup_files.h"
#include "clients/store_problems.h"
#include "clients/store_reader.h"
#include "clients/system_stores.h"
#include "clients/variables.h"

namespace medic::clients {
namespace {

using machine::Machine;

// The store that a part is, whatever path led there.
std::string identity(const Machine& machine, const StorePart& part) {
  if (!part.text.empty()) {
    return fmt::format("setting:{}", part.path);
  }
  return fmt::format("{}:{}", part_kind_id(part.kind),
                     part.path.empty() ? "" : machine.resolve(part.path).value_or(part.path));
}

bool names_a_path(const Rule& rule) {
  return rule.kind == RuleKind::Variable || rule.kind == RuleKind::Setting ||
         rule.kind == RuleKind::Option || rule.kind == RuleKind::Policy;
}

// What a rule names and cannot be used is a problem of the client that obeys it.
void add_rule_problems(Client& client, const Machine& machine) {
  for (const Rule& rule : client.trust.trace) {
    if (!names_a_path(rule) ||
        (rule.outcome != Outcome::Broken && rule.outcome != Outcome::Fatal)) {
      continue;
    }
    client.problems.push_back(
        {.cause = broken_store_cause(rule.trouble),
         .id = broken_store_problem(rule.trouble),
         .subject = rule.value,
         .origin = rule.origin,
         .facts = {{"name", rule.name}, {"path", escaped(machine.display(rule.value))}}});
  }
}

// How many different anchors the parts hold together.
void count_anchors(EffectiveTrust& trust, const std::vector<const StoreRecord*>& records) {
  std::set<Sha256> seen;
  for (const StoreRecord* record : records) {
    if (record->anchors == nullptr) {
      continue;
    }
    trust.newest_root = std::max(trust.newest_root, record->newest_root);
    if (records.size() == 1) {
      trust.anchors = record->count;
      return;
    }
    for (const trust::Anchor& anchor : record->anchors->all()) {
      seen.insert(anchor.certificate->fingerprint);
    }
  }
  trust.anchors = seen.size();
}

void name_clients(std::vector<Client>& clients) {
  std::ranges::stable_sort(clients, {}, [](const Client& c) { return std::tie(c.kind, c.path); });
  std::map<std::string, std::size_t, std::less<>> of_kind;
  for (const Client& client : clients) {
    ++of_kind[client.kind];
  }
  std::map<std::string, std::size_t, std::less<>> of_id;
  for (Client& client : clients) {
    const std::string& where = client.reach.host.empty() ? client.path : client.reach.host;
    client.id = of_kind[client.kind] == 1 ? client.kind : fmt::format("{}@{}", client.kind, where);
    // Two settings about one server, or two packages of one name side by side.
    if (const std::size_t before = of_id[client.id]++; before > 0) {
      client.id += fmt::format("#{}", before + 1);
    }
  }
}

// Stores that no file here holds, or whose meaning stands elsewhere.
std::string unopened_store(const std::vector<const StoreRecord*>& records) {
  for (const StoreRecord* record : records) {
    if (record->part.kind == PartKind::MacKeychain) {
      return "clients.unknown-mac-keychain";
    }
    if (record->part.kind == PartKind::WindowsStore && record->part.path.empty()) {
      return "clients.unknown-windows-store";
    }
  }
  return {};
}

bool brings_public_roots(const StoreRecord& record) {
  if (record.part.kind == PartKind::Mozilla || record.trouble == "unsupported") {
    return true;
  }
  return record.dating && record.dating->public_roots * 2 >= record.dating->edition_size_now;
}

}  // namespace

const StoreRecord& Survey::store(const StorePart& part) {
  std::string key = identity(machine_, part);
  const auto known = stores_.find(key);
  if (known != stores_.end()) {
    return known->second;
  }
  std::string id;
  if (part.kind == PartKind::Mozilla) {
    id = "mozilla";
  } else if (part.kind == PartKind::Bundle && !system_bundle().empty() &&
             key == identity(machine_, {.kind = PartKind::Bundle, .path = system_bundle()})) {
    id = "system";
  } else if (part.path.empty()) {
    id = part_kind_id(part.kind);
  } else if (!part.text.empty()) {
    id = fmt::format("setting:{}", part.path);
  } else {
    // A directory is one store by its hash links and another by its files.
    const std::string_view what = part.kind == PartKind::HashedDirectory  ? "directory"
                                  : part.kind == PartKind::PlainDirectory ? "files"
                                                                          : "file";
    id = fmt::format("{}:{}", what, part.path);
  }
  StoreRecord record = read_store_part(machine_, part, std::move(id), at_);
  return stores_.emplace(std::move(key), std::move(record)).first->second;
}

const StoreRecord& Survey::want(const StorePart& part) {
  static_cast<void>(store(part));
  StoreRecord& record = stores_.at(identity(machine_, part));
  record.wanted = true;
  return record;
}

std::string Survey::trouble(const StorePart& part) {
  return store(part).trouble;
}

const std::string& Survey::system_bundle() {
  if (!system_bundle_) {
    system_bundle_.emplace();
    for (const std::string_view path : trust::system_bundle_paths()) {
      if (machine_.is_file(path)) {
        system_bundle_ = std::string(path);
        break;
      }
    }
  }
  return *system_bundle_;
}

const std::vector<Python>& Survey::pythons() {
  if (!pythons_) {
    pythons_ = std::make_shared<const std::vector<Python>>(find_pythons(machine_));
  }
  return *pythons_;
}

// The client trusts what its parts hold together, so a part is judged as a list of public roots
// only when no other part brings them.
std::vector<const StoreRecord*> Survey::use_parts(Client& client) {
  std::vector<StoreRecord*> records;
  for (const StorePart& part : client.trust.parts) {
    static_cast<void>(store(part));
    StoreRecord& record = stores_.at(identity(machine_, part));
    record.wanted = true;
    if (std::ranges::find(record.used_by, client.id) == record.used_by.end()) {
      record.used_by.push_back(client.id);
    }
    records.push_back(&record);
    client.trust.store += (client.trust.store.empty() ? "" : "+") + record.id;
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    const bool alone = std::ranges::none_of(records, [&](const StoreRecord* other) {
      return other != records[i] && brings_public_roots(*other);
    });
    records[i]->stands_for_the_web |=
        alone && client.trust.verifies && client.trust.parts[i].purpose == Purpose::PublicServers;
  }
  return {records.begin(), records.end()};
}

Inventory Survey::finish() {
  name_clients(inventory_.clients);
  std::map<std::string_view, const EffectiveTrust*> of_store;
  for (Client& client : inventory_.clients) {
    const std::vector<const StoreRecord*> records = use_parts(client);
    const bool known = std::ranges::all_of(
        records, [](const StoreRecord* record) { return record->trouble != "unsupported"; });
    if (!known && client.trust.unknown.empty()) {
      client.trust.unknown = unopened_store(records);
    }
    if (known && client.trust.unknown.empty()) {
      // Many clients have the same parts, and counting parses every certificate of them.
      const auto counted = of_store.find(client.trust.store);
      if (counted == of_store.end()) {
        count_anchors(client.trust, records);
        of_store.emplace(client.trust.store, &client.trust);
      } else {
        client.trust.anchors = counted->second->anchors;
        client.trust.newest_root = counted->second->newest_root;
      }
    }
    add_rule_problems(client, machine_);
  }
  inventory_.environment = survey_variables(*this);
  survey_system_stores(*this);
  for (auto& [key, record] : stores_) {
    if (record.wanted) {
      add_age_problem(record);
      add_permission_problem(machine_, record);
    } else {
      record.problems.clear();
    }
    inventory_.stores.push_back(std::move(record));
  }
  stores_.clear();
  return std::move(inventory_);
}

std::string broken_store_cause(std::string_view trouble) {
  return trouble == "no-certificate" ? "ca-bundle-invalid" : "ca-path-broken";
}

std::string broken_store_problem(std::string_view trouble) {
  constexpr std::pair<std::string_view, std::string_view> kProblems[] = {
      {"absent", "path-absent"},         {"unreadable", "path-unreadable"},
      {"too-big", "path-too-big"},       {"loop", "path-loop"},
      {"wrong-kind", "path-wrong-kind"}, {"no-certificate", "path-no-certificate"}};
  for (const auto& [id, problem] : kProblems) {
    if (id == trouble) {
      return std::string(problem);
    }
  }
  return "path-unreadable";
}

void add_part(Survey& survey, Rule rule, StorePart part, EffectiveTrust& trust, Outcome if_broken) {
  rule.value = part.path;
  // These are parts of the program or of the system, not files.
  const bool pathless = part.kind == PartKind::Mozilla || part.kind == PartKind::WindowsStore ||
                        part.kind == PartKind::MacKeychain;
  std::string trouble = part.path.empty() && !pathless ? "absent" : survey.trouble(part);
  if (trouble == "unsupported") {
    trouble.clear();
  }
  if (trouble.empty()) {
    const bool first = trust.parts.empty();
    rule.outcome = first ? Outcome::Won : Outcome::Added;
    if (first) {
      trust.rule = rule.name;
    }
    trust.parts.push_back(std::move(part));
  } else if (names_a_path(rule)) {
    if (!part.path.empty()) {
      survey.want(part);
    }
    rule.outcome = if_broken;
    rule.trouble = std::move(trouble);
  }
  trust.trace.push_back(std::move(rule));
}

Inventory take_inventory(const Machine& machine, const SurveyOptions& options) {
  Survey survey(machine, options.at);
  for (const Detector* detector : detector_registry()) {
    if (options.step) {
      options.step(detector->id);
    }
    detector->detect(survey);
  }
  std::vector<VariableRecord> lasting;
  if (options.startup_files) {
    lasting = survey_startup_files(survey);
  }
  Inventory inventory = survey.finish();
  inventory.environment.insert(inventory.environment.end(),
                               std::make_move_iterator(lasting.begin()),
                               std::make_move_iterator(lasting.end()));
  if (!options.client.empty()) {
    std::vector<Client> kept;
    for (const Client* client : clients_named(inventory, options.client)) {
      kept.push_back(*client);
    }
    inventory.clients = std::move(kept);
  }
  return inventory;
}

std::vector<const Client*> clients_named(const Inventory& inventory, std::string_view name) {
  std::vector<const Client*> found;
  for (const Client& client : inventory.clients) {
    if (name == "all" || client.id == name || client.kind == name || client.path == name) {
      found.push_back(&client);
    }
  }
  return found;
}

}  // namespace medic::clients
