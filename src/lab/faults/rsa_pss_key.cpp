#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// An id-RSASSA-PSS key needs rsa_pss_pss_*; Go and browsers offer rsa_pss_rsae_* only.
void start(FaultContext& lab) {
  lab.bad(lab.plan(
              make_certificate(lab.leaf(), lab.key(0, KeyKind::RsaPss2048), lab.intermediate())))
      .expectation = Expectation::Depends;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_rsa_pss_key{.id = "rsa-pss-key",
                                                  .summary_key = "lab.rsa-pss-key",
                                                  .cause = "no-shared-cipher",
                                                  .start = start};

}  // namespace medic::lab
