#include "diagnose/cause.h"

#include <fmt/format.h>

#include <algorithm>
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

bool Clues::cross_signed(const Sha256& fingerprint) const {
  std::vector<x509::CertificatePtr> sent;
  for (const evidence::Handshake* handshake : bench.all_observed()) {
    const auto chain = bench.chain(*handshake);
    sent.insert(sent.end(), chain.begin(), chain.end());
  }
  const auto at = std::ranges::find_if(
      sent, [&](const x509::CertificatePtr& c) { return c->fingerprint == fingerprint; });
  if (at == sent.end() || (*at)->self_issued()) {
    return false;
  }
  const x509::Certificate& cross = **at;
  const auto same_key = [&](const x509::Certificate& root) {
    return root.self_issued() && root.subject.canonical == cross.subject.canonical &&
           std::ranges::equal(root.public_key.spki, cross.public_key.spki);
  };
  if (std::ranges::any_of(sent, [&](const x509::CertificatePtr& c) { return same_key(*c); })) {
    return true;
  }
  std::vector<trust::AnchorSetPtr> stores = {bench.stores().for_all};
  for (const auto& [id, store] : bench.stores().by_id) {
    stores.push_back(store);
  }
  return std::ranges::any_of(stores, [&](const trust::AnchorSetPtr& store) {
    return store != nullptr &&
           std::ranges::any_of(store->by_subject(cross.subject.canonical),
                               [&](const trust::Anchor& a) { return same_key(*a.certificate); });
  });
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

std::vector<Match> match_rule_detail(const Clues& clues, std::string_view fault,
                                     std::string_view detail) {
  const Observation* seen = waived(clues, fault);
  if (seen == nullptr) {
    return {};
  }
  Match match = match_from(clues, *seen);
  std::erase_if(match.explains, [&](std::size_t cell) {
    return std::ranges::none_of(clues.matrix[cell].faults, [&](const verify::Fault& f) {
      const bool this_rule = f.id == fault && f.detail.ends_with(detail);
      if (this_rule) {
        for (const auto& [name, value] : fault_facts(f)) {
          match.facts.insert_or_assign(name, value);
        }
        match.subject = f.subject;
        match.fingerprint = f.fingerprint;
      }
      return this_rule;
    });
  });
  match.facts["rule"] = detail;
  return match.explains.empty() ? std::vector<Match>{} : std::vector{std::move(match)};
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
    families.insert(matrix[cell].client.empty() ? matrix[cell].profile->family
                                                : escaped(matrix[cell].client));
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
