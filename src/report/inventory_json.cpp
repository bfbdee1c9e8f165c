#include "report/inventory_json.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/json.h"

namespace medic::report {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) {
  return text.empty() ? Json() : Json(escaped(text, 4096));
}

Json problems_of(const std::vector<clients::Problem>& problems, text::Language language) {
  Json list = Json::array();
  for (const clients::Problem& problem : problems) {
    list.push_back({{"cause", problem.cause},
                    {"problem", problem.id},
                    {"subject", escaped(problem.subject, 4096)},
                    {"file", or_null(problem.origin.file)},
                    {"line", problem.origin.line > 0 ? Json(problem.origin.line) : Json()},
                    {"variable", or_null(problem.origin.variable)},
                    {"text", problem_sentence(problem, language)}});
  }
  return list;
}

Json trace_of(const clients::EffectiveTrust& trust, text::Language language) {
  Json list = Json::array();
  for (const clients::Rule& rule : trust.trace) {
    list.push_back({{"rule", rule.name},
                    {"kind", clients::rule_kind_id(rule.kind)},
                    {"value", or_null(rule.value)},
                    {"origin", or_null(clients::origin_text(rule.origin))},
                    {"outcome", clients::outcome_id(rule.outcome)},
                    {"trouble", or_null(rule.trouble)},
                    {"text", rule_sentence(rule, language)}});
  }
  return list;
}

Json parts_of(const clients::EffectiveTrust& trust) {
  Json list = Json::array();
  for (const clients::StorePart& part : trust.parts) {
    list.push_back({{"kind", clients::part_kind_id(part.kind)},
                    {"path", or_null(part.path)},
                    {"purpose", clients::purpose_id(part.purpose)}});
  }
  return list;
}

Json time_of(const std::optional<Time>& time) {
  return time ? Json(rfc3339(*time)) : Json();
}

Json client_of(const clients::Client& client, text::Language language) {
  const clients::EffectiveTrust& trust = client.trust;
  return {
      {"id", escaped(client.id, 4096)},
      {"kind", client.kind},
      {"version", or_null(client.version)},
      {"path", escaped(client.path, 4096)},
      {"runtime", or_null(client.runtime)},
      {"tls_library", or_null(client.tls_library)},
      {"profile", or_null(client.profile)},
      {"reach",
       {{"protocol", client.reach.protocol.empty() ? "https" : client.reach.protocol},
        {"host", or_null(client.reach.host)}}},
      {"trust",
       {{"store", or_null(trust.store)},
        {"rule", or_null(trust.rule)},
        {"verifies", trust.verifies},
        {"anchors", trust.anchors ? Json(*trust.anchors) : Json()},
        {"newest_root", time_of(trust.newest_root)},
        {"unknown", trust.unknown.empty() ? Json() : Json(text::message(language, trust.unknown))},
        {"parts", parts_of(trust)},
        {"trace", trace_of(trust, language)}}},
      {"policy", client.policy.empty() ? Json() : Json(text::message(language, client.policy))},
      {"problems", problems_of(client.problems, language)}};
}

// How old the store is by its content, and what is in it that no public list has.
Json dating_of(const clients::StoreRecord& store) {
  if (!store.dating) {
    return {};
  }
  const trust::Dating& dating = *store.dating;
  const auto names = [](const std::vector<trust::PublicRoot>& roots) {
    Json list = Json::array();
    for (const trust::PublicRoot& root : roots) {
      list.push_back(root.name);
    }
    return list;
  };
  Json local = Json::array();
  for (const std::string& name : store.local) {
    local.push_back(escaped(name));
  }
  return {{"match", trust::match_id(dating.match)},
          {"edition", or_null(dating.edition)},
          {"public_roots", dating.public_roots},
          {"missing", dating.missing},
          {"surplus", dating.surplus},
          {"lacks", names(dating.lacks)},
          {"expired", names(dating.expired)},
          {"distrusted", names(dating.distrusted)},
          {"local", std::move(local)},
          {"local_count", dating.local.size()}};
}

Json store_of(const clients::StoreRecord& store, text::Language language) {
  Json users = Json::array();
  for (const std::string& user : store.used_by) {
    users.push_back(escaped(user, 4096));
  }
  return {{"id", escaped(store.id, 4096)},
          {"kind", clients::part_kind_id(store.part.kind)},
          {"path", or_null(store.part.path)},
          {"trouble", or_null(store.trouble)},
          {"anchors", store.anchors == nullptr ? Json() : Json(store.count)},
          {"newest_root", time_of(store.newest_root)},
          {"used_by", std::move(users)},
          {"dated", dating_of(store)},
          {"problems", problems_of(store.problems, language)}};
}

// RFC 4180 section 2: quotes around what holds a comma, a quote or a line break. A spreadsheet
// takes a leading '=', '+', '-' or '@' for a formula, so those are quoted with an apostrophe.
std::string field(const std::string& value) {
  std::string safe = escaped(value, 4096);
  if (!safe.empty() && std::string_view("=+-@").find(safe.front()) != std::string_view::npos) {
    safe.insert(safe.begin(), '\'');
  }
  if (safe.find_first_of(",\"") == std::string::npos) {
    return safe;
  }
  std::string quoted = "\"";
  for (const char c : safe) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

}  // namespace

std::string problem_sentence(const clients::Problem& problem, text::Language language) {
  text::Facts facts = problem.facts;
  facts.emplace("subject", escaped(problem.subject));
  facts.emplace("file", escaped(problem.origin.file));
  facts.emplace("line", fmt::format("{}", problem.origin.line));
  facts.emplace("variable", problem.origin.variable);
  facts.emplace("origin", escaped(clients::origin_text(problem.origin)));
  // What is wrong inside a store has its own sentences, and a place in it.
  constexpr std::string_view kOfStore = "store-";
  if (!problem.id.starts_with(kOfStore)) {
    return text::message(language, fmt::format("clients.problem-{}", problem.id), facts);
  }
  const auto place = facts.find("place");
  const std::string at = place == facts.end() || place->second.empty()
                             ? std::string()
                             : fmt::format(", {}", escaped(place->second));
  const std::string what =
      text::message(language, "store." + problem.id.substr(kOfStore.size()), facts);
  return fmt::format("{}{}: {}", escaped(problem.subject), at, what);
}

std::string rule_sentence(const clients::Rule& rule, text::Language language) {
  const std::string what = text::message(
      language, fmt::format("clients.rule-{}", clients::rule_kind_id(rule.kind)),
      {{"name", escaped(rule.name)}, {"origin", escaped(clients::origin_text(rule.origin))}});
  const std::string became =
      text::message(language, fmt::format("clients.outcome-{}", clients::outcome_id(rule.outcome)));
  const std::string value = rule.value.empty() ? "" : fmt::format(" = {}", escaped(rule.value));
  return fmt::format("{}{}: {}", what, value, became);
}

std::string inventory_json(const clients::Inventory& inventory, const InventorySubject& subject,
                           text::Language language) {
  Json found = Json::array();
  for (const clients::Client& client : inventory.clients) {
    found.push_back(client_of(client, language));
  }
  Json stores = Json::array();
  for (const clients::StoreRecord& store : inventory.stores) {
    stores.push_back(store_of(store, language));
  }
  Json environment = Json::array();
  for (const clients::VariableRecord& variable : inventory.environment) {
    environment.push_back({{"name", variable.name},
                           {"value", escaped(variable.value, 4096)},
                           {"file", or_null(variable.origin.file)},
                           {"line", variable.origin.line > 0 ? Json(variable.origin.line) : Json()},
                           {"problems", problems_of(variable.problems, language)}});
  }
  const Json object{{"schema", "tlsmedic.inventory/1"},
                    {"program", subject.program},
                    {"root", or_null(subject.root)},
                    {"system", subject.system},
                    {"clients", std::move(found)},
                    {"stores", std::move(stores)},
                    {"environment", std::move(environment)},
                    {"problems", problems_of(inventory.problems, language)}};
  return json_text(object) + "\n";
}

std::string inventory_csv(const clients::Inventory& inventory) {
  std::string out =
      "id,kind,version,path,runtime,tls_library,store,rule,anchors,newest_root,verifies,"
      "problems\r\n";
  for (const clients::Client& client : inventory.clients) {
    std::string causes;
    for (const clients::Problem& problem : client.problems) {
      causes += (causes.empty() ? "" : " ") + problem.cause;
    }
    const clients::EffectiveTrust& trust = client.trust;
    out +=
        fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\r\n", field(client.id), field(client.kind),
                    field(client.version), field(client.path), field(client.runtime),
                    field(client.tls_library), field(trust.store), field(trust.rule),
                    trust.anchors ? fmt::format("{}", *trust.anchors) : std::string(),
                    trust.newest_root ? iso_date(*trust.newest_root) : std::string(),
                    trust.verifies, field(causes));
  }
  return out;
}

}  // namespace medic::report
