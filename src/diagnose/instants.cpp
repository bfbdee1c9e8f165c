#include "diagnose/instants.h"

#include <utility>

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"expired", "not-yet-valid"};

}  // namespace

const verify::Fault* validity_fault(const Matrix& now) {
  for (const std::string_view id : kAbout) {
    if (const verify::Fault* fault = first_fault(now, id)) {
      return fault;
    }
  }
  return nullptr;
}

std::optional<Observation> observe_at(Bench& bench, const Matrix& now, std::string_view experiment,
                                      Time at) {
  const verify::Fault* fault = validity_fault(now);
  if (fault == nullptr) {
    return std::nullopt;
  }
  Hypothesis hypothesis = bench.base();
  hypothesis.at = at;
  auto seen = observe(experiment, now, bench.judge(hypothesis), kAbout);
  if (seen) {
    seen->subject = fault->subject;
    seen->facts["server_date"] = iso_date(at);
  }
  return seen;
}

}  // namespace medic::diagnose
