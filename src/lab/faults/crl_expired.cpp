#include "lab/crl_sites.h"

namespace medic::lab {
namespace {

using std::chrono::days;

// Nothing fails as long as no client insists on a list.
void start(FaultContext& lab) {
  add_crl_sites(lab, [at = lab.at()](CrlRecipe& crl, const Identity& /*leaf*/) {
    crl.this_update = at - days{30};
    crl.next_update = at - days{23};
  });
}

}  // namespace

extern constinit const LabFault fault_crl_expired{.id = "crl-expired",
                                                  .summary_key = "lab.crl-expired",
                                                  .cause = "revoked-certificate",
                                                  .start = start};

}  // namespace medic::lab
