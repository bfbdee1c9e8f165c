#include "report/diagnosis_json.h"

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "report/wording.h"

namespace medic::report {
namespace {

using Json = nlohmann::ordered_json;

std::string_view place_id(verify::Place place) {
  switch (place) {
    case verify::Place::Leaf:
      return "leaf";
    case verify::Place::Intermediate:
      return "intermediate";
    case verify::Place::Root:
      return "root";
    case verify::Place::Chain:
      return "chain";
  }
  return "chain";
}

Json cell_names(const diagnose::Diagnosis& diagnosis, const std::vector<std::size_t>& cells) {
  Json names = Json::array();
  for (const std::size_t cell : cells) {
    names.push_back(cell_name(diagnosis, cell));
  }
  return names;
}

Json remedies(const diagnose::Finding& finding, const evidence::Case& facts,
              text::Language language) {
  Json list = Json::array();
  const auto products = products_at_hand(facts);
  for (const std::string& id : finding.cause->remedies) {
    const catalogue::Remedy* remedy = catalogue::find_remedy(id);
    if (remedy == nullptr) {
      continue;
    }
    Json how = Json::array();
    for (const catalogue::HowTo& way : remedy->how) {
      how.push_back({{"product", way.product}, {"command", command_text(way, facts)}});
    }
    const auto chosen = how_tos(*remedy, products);
    list.push_back({{"id", remedy->id},
                    {"party", catalogue::party_id(remedy->party)},
                    {"risk", remedy->risk},
                    {"title", remedy->text(language).title},
                    {"text", remedy_text(*remedy, facts, language)},
                    {"command", chosen.empty() ? "" : command_text(*chosen.front(), facts)},
                    {"how", std::move(how)}});
  }
  return list;
}

Json finding_object(const diagnose::Diagnosis& diagnosis, const diagnose::Finding& finding,
                    const evidence::Case& facts, text::Language language) {
  Json proof = Json::array();
  for (const diagnose::Observation& seen : finding.proof) {
    proof.push_back({{"experiment", seen.experiment},
                     {"before", seen.before},
                     {"after", seen.after},
                     {"text", proof_sentence(seen, language)}});
  }
  Json object{
      {"cause", finding.cause->id},
      {"parent", finding.cause->parent.empty() ? Json() : Json(finding.cause->parent)},
      {"party", catalogue::party_id(finding.party)},
      {"severity", finding.severity == diagnose::Severity::Error ? "error" : "warning"},
      {"certainty", finding.certainty == diagnose::Certainty::Proven ? "proven" : "suspected"},
      {"explains", cell_names(diagnosis, finding.explains)},
      {"proof", std::move(proof)},
      {"subject", finding.subject},
      {"fingerprint", finding.fingerprint ? Json(hex(*finding.fingerprint)) : Json()},
      {"title", finding.cause->text(language).title},
      {"text", finding_sentence(finding, language)},
      {"alternatives", finding.alternatives},
      {"next", finding.certainty == diagnose::Certainty::Proven
                   ? Json()
                   : Json(next_sentence(finding, facts, language))},
      {"remedies", remedies(finding, facts, language)}};
  return object;
}

Json cell_object(const diagnose::Diagnosis& diagnosis, const diagnose::Cell& cell,
                 text::Language language) {
  Json faults = Json::array();
  for (const verify::Fault& fault : cell.faults) {
    faults.push_back({{"id", fault.id},
                      {"certificate", place_id(fault.certificate)},
                      {"depth", fault.depth},
                      {"text", fault_sentence(fault, language)}});
  }
  const bool observed = !cell.observed.empty();
  Json object{{"client", diagnose::row_name(cell)},
              {"endpoint", diagnosis.endpoint_labels[cell.endpoint]},
              {"mode", observed ? "observed" : "simulated"},
              {"verdict", observed ? cell.observed : diagnose::verdict_id(cell.verdict)},
              {"faults", std::move(faults)},
              {"trust",
               {{"store", cell.store},
                {"rule", cell.client.empty() ? cell.profile->store_rule : cell.rule}}}};
  if (observed) {
    object["simulated"] = diagnose::verdict_id(cell.verdict);
  }
  if (const std::string gap = trial_gap(cell, language); !gap.empty()) {
    object["not_run"] = gap;
  } else if (observed || !cell.said.empty()) {
    object["said"] = cell.said;
  }
  if (!cell.why.empty()) {
    object["why"] = text::message(language, cell.why);
  }
  return object;
}

// Cells where the real client says otherwise than the simulation.
std::vector<std::size_t> disagreements(const diagnose::Matrix& matrix) {
  std::vector<std::size_t> cells;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    if (diagnose::disagrees(matrix[i])) {
      cells.push_back(i);
    }
  }
  return cells;
}

}  // namespace

std::string diagnosis_json(const diagnose::Diagnosis& diagnosis, const evidence::Case& facts,
                           text::Language language) {
  Json findings = Json::array();
  for (const diagnose::Finding& finding : diagnosis.findings) {
    findings.push_back(finding_object(diagnosis, finding, facts, language));
  }
  Json matrix = Json::array();
  for (const diagnose::Cell& cell : diagnosis.matrix) {
    matrix.push_back(cell_object(diagnosis, cell, language));
  }
  const Json object{
      {"schema", "tlsmedic.diagnose/1"},
      {"program", facts.program},
      {"at", rfc3339(facts.at)},
      {"target",
       {{"url", facts.target.url}, {"host", facts.target.host}, {"port", facts.target.port}}},
      {"verdict", diagnose::health_id(diagnosis.health)},
      {"connections", diagnosis.connections},
      {"findings", std::move(findings)},
      {"matrix", std::move(matrix)},
      {"disagreements", cell_names(diagnosis, disagreements(diagnosis.matrix))},
      {"unexplained", cell_names(diagnosis, diagnosis.unexplained)}};
  return json_text(object) + "\n";
}

}  // namespace medic::report
