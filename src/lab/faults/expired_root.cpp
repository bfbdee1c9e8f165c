#include "lab/fault_context.h"

namespace medic::lab {
namespace {

using std::chrono::days;

// Java and rustls ignore an anchor's dates (RFC 5280 section 6.1.1 (d) does not demand the check),
// the others refuse.
void start(FaultContext& lab) {
  const Recipe renewed = lab.anchor("expired root");
  Recipe expired = renewed;
  expired.not_before = lab.at() - days{3650};
  expired.not_after = lab.at() - days{2};
  const Identity old_root = make_self_signed(expired, lab.key(1));
  const Identity new_root = make_self_signed(renewed, lab.key(1));
  const Identity issuer =
      make_certificate(lab.authority("below expired root"), lab.key(2), old_root);
  const Identity leaf = make_certificate(lab.leaf(), lab.key(), issuer);
  Site& bad = lab.bad(FaultContext::plan(leaf, {issuer}));
  bad.ca_pem = certificate_pem(old_root);
  bad.system_pem = certificate_pem(new_root);
  bad.expectation = Expectation::Depends;
  lab.good(FaultContext::plan(leaf, {issuer})).ca_pem = certificate_pem(new_root);
}

}  // namespace

extern constinit const LabFault fault_expired_root{.id = "expired-root",
                                                   .summary_key = "lab.expired-root",
                                                   .cause = "expired-root-or-cross-sign",
                                                   .start = start};

}  // namespace medic::lab
