#include "diagnose/cause.h"

#include <fmt/format.h>

#include <set>

namespace medic::diagnose {

const Observation* Clues::observed(std::string_view experiment) const {
  for (const Observation& observation : observations) {
    if (observation.experiment == experiment) {
      return &observation;
    }
  }
  return nullptr;
}

std::vector<const Observation*> Clues::all(std::string_view experiment) const {
  std::vector<const Observation*> found;
  for (const Observation& observation : observations) {
    if (observation.experiment == experiment) {
      found.push_back(&observation);
    }
  }
  return found;
}

text::Facts Clues::common_facts() const {
  const evidence::TargetFacts& target = bench.facts().target;
  text::Facts facts{{"host", target.unicode.empty() ? target.host : target.unicode},
                    {"port", fmt::format("{}", target.port)},
                    {"now", iso_date(bench.now())}};
  if (!bench.endpoints().empty()) {
    facts.emplace("address", bench.endpoints().front().label);
  }
  return facts;
}

Match match_from(const Clues& clues, const Observation& observation) {
  Match match{.explains = observation.relieved,
              .proof = {&observation},
              .subject = observation.subject,
              .facts = clues.common_facts()};
  if (!observation.certificates.empty()) {
    match.fingerprint = observation.certificates.front()->fingerprint;
    add_certificate_facts(match.facts, *observation.certificates.front());
  }
  for (const auto& [name, value] : observation.facts) {
    match.facts.insert_or_assign(name, value);
  }
  return match;
}

const Observation* waived(const Clues& clues, std::string_view fault) {
  for (const Observation* seen : clues.all("waive-rule")) {
    const auto rule = seen->facts.find("rule");
    if (rule != seen->facts.end() && rule->second == fault) {
      return seen;
    }
  }
  return nullptr;
}

std::vector<Match> match_rule(const Clues& clues, std::string_view fault) {
  const Observation* seen = waived(clues, fault);
  if (seen == nullptr) {
    return {};
  }
  Match match = match_from(clues, *seen);
  if (const verify::Fault* first = first_fault(clues.matrix, fault)) {
    for (const auto& [name, value] : fault_facts(*first)) {
      match.facts.emplace(name, value);
    }
  }
  return {std::move(match)};
}

text::Facts fault_facts(const verify::Fault& fault) {
  text::Facts facts;
  for (const auto& [name, value] : fault.facts) {
    facts.insert_or_assign(name, value);
  }
  if (!fault.subject.empty()) {
    facts.insert_or_assign("subject", fault.subject);
  }
  if (fault.fingerprint) {
    facts.insert_or_assign("fingerprint", hex(*fault.fingerprint));
  }
  return facts;
}

const evidence::Handshake* main_handshake(const Clues& clues) {
  return clues.bench.endpoints().empty() ? nullptr : clues.bench.endpoints().front().main;
}

std::string client_families(const Matrix& matrix, const std::vector<std::size_t>& cells) {
  std::set<std::string, std::less<>> families;
  for (const std::size_t cell : cells) {
    families.insert(matrix[cell].profile->family);
  }
  return fmt::format("{}", fmt::join(families, ", "));
}

void add_certificate_facts(text::Facts& facts, const x509::Certificate& certificate) {
  facts.insert_or_assign("subject", escaped(certificate.subject.display()));
  facts.insert_or_assign("issuer", escaped(certificate.issuer.display()));
  facts.insert_or_assign("fingerprint", hex(certificate.fingerprint));
  facts.insert_or_assign("serial", hex(certificate.serial));
  facts.insert_or_assign("not_before", iso_date(certificate.not_before));
  facts.insert_or_assign("not_after", iso_date(certificate.not_after));
  facts.insert_or_assign("algorithm", certificate.signature_algorithm.text);
  facts.insert_or_assign("key_bits", fmt::format("{}", certificate.public_key.bits));
}

}  // namespace medic::diagnose
