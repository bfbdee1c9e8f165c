#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// RFC 8996: must not be negotiated any more.
void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  plan.min_version = TlsVersion::Tls10;
  plan.max_version = TlsVersion::Tls10;
  lab.bad(plan);
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_tls10_only{.id = "tls10-only",
                                                 .summary_key = "lab.tls10-only",
                                                 .cause = "server-protocol-too-old",
                                                 .start = start};

}  // namespace medic::lab
