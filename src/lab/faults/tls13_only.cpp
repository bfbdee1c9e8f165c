#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  plan.min_version = TlsVersion::Tls13;
  plan.max_version = TlsVersion::Tls13;
  lab.bad(plan).expectation = Expectation::ShouldAccept;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_tls13_only{.id = "tls13-only",
                                                 .summary_key = "lab.tls13-only",
                                                 .cause = "client-protocol-too-old",
                                                 .start = start};

}  // namespace medic::lab
