#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  plan.min_version = TlsVersion::Tls12;
  plan.max_version = TlsVersion::Tls12;
  lab.bad(plan).expectation = Expectation::ShouldAccept;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_tls12_only{
    .id = "tls12-only", .summary_key = "lab.tls12-only", .cause = "healthy", .start = start};

}  // namespace medic::lab
