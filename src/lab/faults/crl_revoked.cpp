#include "lab/crl_sites.h"

namespace medic::lab {
namespace {

// No client on Linux looks by default; Schannel does.
void start(FaultContext& lab) {
  add_crl_sites(lab, [](CrlRecipe& crl, const Identity& leaf) { crl.revoked = {leaf.serial}; });
}

}  // namespace

extern constinit const LabFault fault_crl_revoked{.id = "crl-revoked",
                                                  .summary_key = "lab.crl-revoked",
                                                  .cause = "revoked-certificate",
                                                  .start = start};

}  // namespace medic::lab
