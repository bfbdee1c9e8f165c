#include "diagnose/findings.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace medic::diagnose {
namespace {

Severity severity_of(const Match& match, const Matrix& matrix) {
  if (match.severity) {
    return *match.severity;
  }
  const bool error = std::ranges::any_of(
      match.explains, [&](std::size_t cell) { return counts_as_error(matrix[cell]); });
  return error ? Severity::Error : Severity::Warning;
}

// A client that was run and accepted the server does not fail, whatever was simulated. A finding
// about such clients only is no more than a suspicion.
void believe_trials(const Matrix& matrix, Match& match) {
  const std::size_t before = match.explains.size();
  std::erase_if(match.explains, [&](std::size_t cell) {
    return matrix[cell].verdict == CellVerdict::Fail && !fails(matrix[cell]);
  });
  if (before > 0 && match.explains.empty()) {
    match.certainty = Certainty::Suspected;
    match.severity = Severity::Warning;
  }
}

Finding finding_from(const Clues& clues, const catalogue::Cause& cause, Match match) {
  believe_trials(clues.matrix, match);
  Finding finding{.cause = &cause,
                  .party = match.party.value_or(cause.party),
                  .severity = severity_of(match, clues.matrix),
                  .certainty = match.certainty,
                  .explains = std::move(match.explains),
                  .subject = std::move(match.subject),
                  .fingerprint = match.fingerprint,
                  .facts = std::move(match.facts),
                  .alternatives = {match.alternatives.begin(), match.alternatives.end()}};
  for (const Observation* observation : match.proof) {
    finding.proof.push_back(*observation);
    finding.certificates.insert(finding.certificates.end(), observation->certificates.begin(),
                                observation->certificates.end());
  }
  for (const auto& [name, value] : clues.common_facts()) {
    finding.facts.emplace(name, value);
  }
  finding.facts.emplace("clients", client_families(clues.matrix, finding.explains));
  return finding;
}

bool covers(const Finding& wide, const Finding& narrow) {
  return std::ranges::all_of(narrow.explains, [&](std::size_t cell) {
    return std::ranges::find(wide.explains, cell) != wide.explains.end();
  });
}

// What a fault may mean, likeliest first. Only causes that the evidence does not exclude belong
// here.
struct Suspects {
  std::string_view fault;
  std::vector<std::string_view> causes;
};

const std::vector<Suspects>& suspects() {
  static const std::vector<Suspects> table = {
      {"unknown-issuer", {"missing-intermediate", "private-ca-not-trusted", "tls-interception"}},
      {"incomplete-chain", {"missing-intermediate", "private-ca-not-trusted"}},
      {"self-signed", {"private-ca-not-trusted", "tls-interception", "self-signed-server"}},
      {"bad-signature", {"server-cert-misissued", "private-ca-not-trusted"}},
      {"malformed-cert", {"server-cert-misissued"}},
      {"resource-limit", {"server-cert-misissued"}},
      {"policy", {"server-cert-misissued"}},
      {"chain-too-long", {"server-cert-misissued"}},
      {"distrusted", {"distrusted-ca"}},
      {"alert-handshake-failure",
       {"no-shared-cipher", "client-cert-problem", "sni-misconfigured-server"}},
      {"alert-protocol-version", {"server-protocol-too-old", "firewall-or-dpi-reset"}},
      {"alert-unrecognized-name", {"sni-misconfigured-server"}},
      {"alert-certificate-required", {"client-cert-problem"}},
      {"alert-bad-certificate", {"client-cert-problem"}},
      {"alert-unknown-ca", {"client-cert-problem"}},
      {"alert-internal-error", {"server-crash-or-limits", "sni-misconfigured-server"}},
      {"alert-other", {"server-crash-or-limits"}},
      {"wrong-version-number", {"plaintext-on-tls-port", "captive-portal-or-block-page"}},
      {"unexpected-eof", {"firewall-or-dpi-reset", "server-crash-or-limits"}},
      {"connection-reset-in-handshake", {"firewall-or-dpi-reset", "server-crash-or-limits"}},
      {"handshake-timeout", {"server-too-slow", "firewall-or-dpi-reset"}},
      {"unsupported-protocol", {"client-protocol-too-old", "server-protocol-too-old"}},
      {"no-shared-cipher", {"no-shared-cipher"}},
      {"dh-key-too-small", {"no-shared-cipher"}},
      {"key-or-cert-mismatch", {"server-crash-or-limits"}},
      {"proxy-error", {"proxy-scheme-or-proxy-fault"}},
      {"dns-or-tcp", {"not-tls"}},
      {"other", {"server-crash-or-limits"}},
  };
  return table;
}

const std::vector<std::string_view>* suspects_for(std::string_view fault) {
  for (const Suspects& row : suspects()) {
    if (row.fault == fault) {
      return &row.causes;
    }
  }
  return nullptr;
}

}  // namespace

std::vector<Finding> stated_findings(const Clues& clues) {
  std::vector<Finding> findings;
  std::set<std::string, std::less<>> replaced;
  for (const Cause* cause : cause_registry()) {
    std::vector<Match> matches = cause->match(clues);
    // Texts are read only for what is stated. tests/house: every matcher has its texts.
    const catalogue::Cause* texts = matches.empty() ? nullptr : catalogue::find_cause(cause->id);
    if (texts == nullptr) {
      continue;
    }
    for (Match& match : matches) {
      for (const std::string_view id : match.instead_of) {
        replaced.emplace(id);
      }
      findings.push_back(finding_from(clues, *texts, std::move(match)));
    }
  }
  std::erase_if(findings, [&](const Finding& f) { return replaced.contains(f.cause->id); });
  std::set<const Finding*> dropped;
  for (const Finding& parent : findings) {
    for (const Finding& child : findings) {
      if (child.cause->parent == parent.cause->id && covers(child, parent)) {
        dropped.insert(&parent);
      }
    }
  }
  std::vector<Finding> kept;
  for (Finding& finding : findings) {
    if (!dropped.contains(&finding)) {
      kept.push_back(std::move(finding));
    }
  }
  return kept;
}

std::vector<std::size_t> unexplained_cells(const Matrix& matrix,
                                           const std::vector<Finding>& findings) {
  std::set<std::size_t> explained;
  for (const Finding& finding : findings) {
    explained.insert(finding.explains.begin(), finding.explains.end());
  }
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    if (fails(matrix[i]) && !explained.contains(i)) {
      left.push_back(i);
    }
  }
  return left;
}

std::vector<Finding> suspected_findings(const Clues& clues,
                                        const std::vector<std::size_t>& unexplained) {
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_fault;
  for (const std::size_t cell : unexplained) {
    if (!clues.matrix[cell].faults.empty()) {
      by_fault[clues.matrix[cell].faults.front().id].push_back(cell);
    }
  }
  std::vector<Finding> findings;
  for (const auto& [fault, cells] : by_fault) {
    const std::vector<std::string_view>* causes = suspects_for(fault);
    const catalogue::Cause* first =
        causes != nullptr ? catalogue::find_cause(causes->front()) : nullptr;
    if (first == nullptr) {
      continue;
    }
    Match match{.explains = cells, .certainty = Certainty::Suspected};
    match.facts = clues.common_facts();
    const verify::Fault& shown = clues.matrix[cells.front()].faults.front();
    match.subject = shown.subject;
    match.fingerprint = shown.fingerprint;
    for (const auto& [name, value] : shown.facts) {
      match.facts.insert_or_assign(name, value);
    }
    match.facts["rule"] = fault;
    Finding finding = finding_from(clues, *first, std::move(match));
    for (std::size_t i = 1; i < causes->size(); ++i) {
      finding.alternatives.emplace_back((*causes)[i]);
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

void rank(std::vector<Finding>& findings) {
  std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
    return std::tuple(a.severity, a.certainty, b.explains.size()) <
           std::tuple(b.severity, b.certainty, a.explains.size());
  });
}

}  // namespace medic::diagnose
