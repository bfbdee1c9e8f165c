#include "lab/fault_context.h"

namespace medic::lab {
namespace {

using std::chrono::days;

void start(FaultContext& lab) {
  const Recipe renewed = lab.authority("expired intermediate");
  Recipe expired = renewed;
  expired.not_after = lab.at() - days{2};
  // Renewed as CAs do it: same name, same key, so the leaf fits both.
  const Identity old_issuer = make_certificate(expired, lab.key(1), lab.root());
  const Identity new_issuer = make_certificate(renewed, lab.key(1), lab.root());
  const Identity leaf = make_certificate(lab.leaf(), lab.key(), old_issuer);
  lab.bad(FaultContext::plan(leaf, {old_issuer}));
  lab.good(FaultContext::plan(leaf, {new_issuer}));
}

}  // namespace

extern constinit const LabFault fault_expired_intermediate{
    .id = "expired-intermediate",
    .summary_key = "lab.expired-intermediate",
    .cause = "expired-certificate",
    .start = start};

}  // namespace medic::lab
