#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// RFC 8996: must not be negotiated any more.
void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  plan.min_version = TlsVersion::Tls11;
  plan.max_version = TlsVersion::Tls11;
  lab.bad(plan);
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_tls11_only{.id = "tls11-only",
                                                 .summary_key = "lab.tls11-only",
                                                 .cause = "server-protocol-too-old",
                                                 .start = start};

}  // namespace medic::lab
