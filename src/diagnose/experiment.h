#pragma once

// An experiment: one change to the world, the matrix judged again, and the cells it relieved. One
// file in src/diagnose/experiments/<id>.cpp each. Experiments state facts; causes (cause.h) draw
// conclusions.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/bench.h"
#include "text/messages.h"

namespace medic::diagnose {

// Stages run in this order; each sees what the earlier ones added to the bench's base.
enum class Stage {
  Reach,  // does a handshake finish at all if we ask differently?
  Path,   // does a path exist if an issuer or anchor is added?
  Rule,   // which single rule, name or instant stands in the way?
};

// What happened when the change was made.
struct Observation {
  std::string_view experiment;  // its id
  std::vector<std::size_t>
      relieved;           // cells that lost a fault the experiment is about, and gained none
  bool all_pass = false;  // the relieved cells have no fault left at all
  std::string before;     // "expired", as verdict_text()
  std::string after;      // "pass"
  std::string subject;    // what was changed: a certificate, a name, a URL
  text::Facts facts;      // for sentences; names as in catalogue/cause.h
  std::vector<x509::CertificatePtr> certificates;  // what it found, e.g. the missing issuers
  const evidence::Handshake* handshake = nullptr;  // what the changed question got
};

struct Experiment {
  std::string_view id;
  Stage stage = Stage::Rule;
  // Questions to the target that this experiment would like answered; asked together with those of
  // the other experiments of its stage, so that a diagnosis waits for the slowest and not for the
  // sum.
  std::vector<evidence::ProbeSpec> (*wants)(Bench& bench, const Matrix& now) = nullptr;
  // Makes its changes; an empty list: there was nothing to change. May extend the bench's base.
  std::vector<Observation> (*run)(Bench& bench, const Matrix& now) = nullptr;
};

std::span<const Experiment* const> experiment_registry();

// Cells of `before` that have one of `ids` (any fault when empty), lost it in `after`, and gained
// no fault that they did not have.
std::vector<std::size_t> relieved(const Matrix& before, const Matrix& after,
                                  std::span<const std::string_view> ids = {});
// The indices of failing cells that have this fault.
std::vector<std::size_t> cells_with(const Matrix& matrix, std::string_view fault);
// Makes the observation for a change: none when it relieved nothing.
std::optional<Observation> observe(std::string_view experiment, const Matrix& before,
                                   const Matrix& after, std::span<const std::string_view> ids = {});
// The first fault of a failing cell with this id, or null.
const verify::Fault* first_fault(const Matrix& matrix, std::string_view id);

}  // namespace medic::diagnose
