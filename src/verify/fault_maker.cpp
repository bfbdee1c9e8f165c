#include "verify/fault_maker.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "verify/host_match.h"

namespace medic::verify {
namespace {

// Names shown in one sentence at most; a certificate may hold thousands.
constexpr std::size_t kMaxNamesShown = 8;

Place place_of(const Found& found, const FoundPath& path) {
  if (found.id == "unknown-issuer" || found.id == "incomplete-chain" ||
      found.id == "chain-too-long" || found.id == "resource-limit") {
    return Place::Chain;
  }
  if (found.depth == 0) {
    return Place::Leaf;
  }
  const bool last = static_cast<std::size_t>(found.depth) + 1 == path.chain.size();
  return last && (path.anchored || found.certificate->self_issued) ? Place::Root
                                                                   : Place::Intermediate;
}

std::string names_shown(const x509::Certificate& certificate) {
  std::vector<std::string> names = presented_names(certificate);
  const std::size_t more = names.size() > kMaxNamesShown ? names.size() - kMaxNamesShown : 0;
  names.resize(names.size() - more);
  for (std::string& name : names) {
    name = escaped(name);
  }
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  return more > 0 ? fmt::format("{}, … (+{})", text, more) : text;
}

void add_date_facts(Fault& fault, const x509::Certificate& certificate, Time at) {
  fault.facts.emplace_back("at", rfc3339(at));
  fault.facts.emplace_back("not_before", rfc3339(certificate.not_before));
  fault.facts.emplace_back("not_after", rfc3339(certificate.not_after));
  fault.facts.emplace_back("at_unix", std::to_string(at.time_since_epoch().count()));
  fault.facts.emplace_back("not_after_unix",
                           std::to_string(certificate.not_after.time_since_epoch().count()));
}

}  // namespace

Fault made_fault(const Found& found, const FoundPath& path, const Inputs& inputs) {
  const x509::Certificate& certificate = *found.certificate->certificate;
  Fault fault{.id = std::string(found.id),
              .certificate = place_of(found, path),
              .depth = found.depth,
              .subject = escaped(certificate.subject.display()),
              .fingerprint = certificate.fingerprint,
              .detail = "fault." + std::string(found.detail),
              .openssl_error = found.openssl_error};
  fault.facts.emplace_back("subject", fault.subject);
  fault.facts.emplace_back("issuer", escaped(certificate.issuer.display()));
  if (found.id == "expired" || found.id == "not-yet-valid") {
    add_date_facts(fault, certificate, inputs.question->at);
  }
  if (found.id == "hostname-mismatch" || found.id == "no-san") {
    fault.facts.emplace_back("names", names_shown(certificate));
  }
  if (found.id == "weak-key") {
    fault.facts.emplace_back("bits", std::to_string(certificate.public_key.bits));
  }
  if (found.id == "weak-signature") {
    fault.facts.emplace_back("algorithm", certificate.signature_algorithm.text);
  }
  fault.facts.emplace_back("host", escaped(inputs.question->name));
  fault.facts.emplace_back("fact", escaped(found.fact));
  return fault;
}

Path made_path(const FoundPath& path, const Inputs& inputs) {
  Path made{.anchored = path.anchored, .anchor_source = path.anchor_source};
  made.certificates.reserve(path.chain.size());
  for (const CertificateFacts* facts : path.chain) {
    made.certificates.push_back(facts->certificate);
  }
  made.faults.reserve(path.faults.size());
  for (const Found& found : path.faults) {
    made.faults.push_back(made_fault(found, path, inputs));
  }
  return made;
}

}  // namespace medic::verify
