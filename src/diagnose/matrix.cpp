#include "diagnose/matrix.h"

#include <algorithm>

namespace medic::diagnose {

std::string_view verdict_id(CellVerdict verdict) {
  switch (verdict) {
    case CellVerdict::Pass:
      return "pass";
    case CellVerdict::Fail:
      return "fail";
    case CellVerdict::Untested:
      return "untested";
    case CellVerdict::NotApplicable:
      return "not-applicable";
  }
  return "untested";
}

bool same_fault(const verify::Fault& a, const verify::Fault& b) {
  return a.id == b.id && a.fingerprint == b.fingerprint && a.detail == b.detail;
}

bool has_fault(const Cell& cell, std::string_view id) {
  return std::ranges::any_of(cell.faults, [&](const verify::Fault& f) { return f.id == id; });
}

std::string verdict_text(const Cell& cell) {
  if (cell.verdict != CellVerdict::Fail) {
    return std::string(verdict_id(cell.verdict));
  }
  std::string text;
  std::vector<std::string_view> seen;
  for (const verify::Fault& fault : cell.faults) {
    if (std::ranges::find(seen, fault.id) == seen.end()) {
      seen.push_back(fault.id);
      text += (text.empty() ? "" : ",") + fault.id;
    }
  }
  return text;
}

}  // namespace medic::diagnose
