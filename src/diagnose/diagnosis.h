#pragma once

// The result of a diagnosis: the matrix, what the experiments showed, and ranked findings.

#include <string>
#include <string_view>
#include <vector>

#include "diagnose/cause.h"
#include "evidence/case.h"

namespace medic::diagnose {

enum class Health { Healthy, Broken, Unreachable };
std::string_view health_id(Health health);  // "healthy", "broken", "unreachable"

struct Finding {
  const catalogue::Cause* cause = nullptr;
  catalogue::Party party = catalogue::Party::Either;
  Severity severity = Severity::Error;
  Certainty certainty = Certainty::Proven;
  std::vector<std::size_t> explains;
  std::vector<Observation> proof;
  std::string subject;
  std::optional<Sha256> fingerprint;
  text::Facts facts;
  // Suspected findings: other causes that would look the same (ids).
  std::vector<std::string> alternatives;
  std::vector<x509::CertificatePtr> certificates;  // e.g. the missing issuers, for --write-chain
};

struct Diagnosis {
  Health health = Health::Healthy;
  std::vector<Finding> findings;  // errors first, proven first, most cells first
  Matrix matrix;
  std::vector<std::string> endpoint_labels;
  std::vector<Observation> observations;
  std::vector<std::size_t> unexplained;     // failing cells that no finding explains
  std::vector<x509::CertificatePtr> chain;  // as the first endpoint sent it
  // What the full chain file should hold: leaf, then every issuer below the root, in order; empty
  // when it cannot be built.
  std::vector<x509::CertificatePtr> full_chain;
  std::size_t connections = 0;
};

// Asks `world` what is needed and reasons about the answers. Everything that decides the outcome is
// in `facts` (as asked) and in what the world answers, so a replayed world gives the same
// diagnosis.
Result<Diagnosis> diagnose(const evidence::Case& facts, evidence::World& world, Stores stores);

}  // namespace medic::diagnose
