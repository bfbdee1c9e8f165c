#include "diagnose/experiment.h"

#include <algorithm>

namespace medic::diagnose {
namespace {

bool about(const verify::Fault& fault, std::span<const std::string_view> ids) {
  return ids.empty() || std::ranges::find(ids, fault.id) != ids.end();
}

bool holds(const Cell& cell, const verify::Fault& fault) {
  return std::ranges::any_of(cell.faults,
                             [&](const verify::Fault& f) { return same_fault(f, fault); });
}

}  // namespace

std::vector<std::size_t> relieved(const Matrix& before, const Matrix& after,
                                  std::span<const std::string_view> ids) {
  std::vector<std::size_t> cells;
  for (std::size_t i = 0; i < before.size() && i < after.size(); ++i) {
    if (before[i].verdict != CellVerdict::Fail ||
        (after[i].verdict != CellVerdict::Pass && after[i].verdict != CellVerdict::Fail)) {
      continue;
    }
    bool lost = false;
    bool kept = false;
    for (const verify::Fault& fault : before[i].faults) {
      if (about(fault, ids)) {
        (holds(after[i], fault) ? kept : lost) = true;
      }
    }
    // Where no certificate was judged before (the handshake did not get that far), what the now
    // visible chain breaks is not a consequence of the change.
    const bool gained = !before[i].store.empty() &&
                        std::ranges::any_of(after[i].faults, [&](const verify::Fault& f) {
                          return !holds(before[i], f);
                        });
    if (lost && !kept && !gained) {
      cells.push_back(i);
    }
  }
  return cells;
}

std::vector<std::size_t> cells_with(const Matrix& matrix, std::string_view fault) {
  std::vector<std::size_t> cells;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    if (matrix[i].verdict == CellVerdict::Fail && has_fault(matrix[i], fault)) {
      cells.push_back(i);
    }
  }
  return cells;
}

std::optional<Observation> observe(std::string_view experiment, const Matrix& before,
                                   const Matrix& after, std::span<const std::string_view> ids) {
  Observation seen{.experiment = experiment, .relieved = relieved(before, after, ids)};
  if (seen.relieved.empty()) {
    return std::nullopt;
  }
  // A current client's cell stands for the others in the proof.
  std::size_t shown = seen.relieved.front();
  for (const std::size_t i : seen.relieved) {
    if (counts_as_error(before[i])) {
      shown = i;
      break;
    }
  }
  seen.before = verdict_text(before[shown]);
  seen.after = verdict_text(after[shown]);
  seen.all_pass = std::ranges::all_of(
      seen.relieved, [&](std::size_t i) { return after[i].verdict == CellVerdict::Pass; });
  return seen;
}

const verify::Fault* first_fault(const Matrix& matrix, std::string_view id) {
  for (const Cell& cell : matrix) {
    for (const verify::Fault& fault : cell.faults) {
      if (fault.id == id) {
        return &fault;
      }
    }
  }
  return nullptr;
}

}  // namespace medic::diagnose
