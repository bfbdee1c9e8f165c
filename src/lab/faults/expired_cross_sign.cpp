#include "lab/cross_signed.h"
#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// As on 2020-05-30 (AddTrust) and 2021-09-30 (DST Root CA X3). Current clients look for the other
// path; OpenSSL 1.0.x, GnuTLS before 3.6.14 and old macOS do not.
void start(FaultContext& lab) {
  const CrossSigned pki = make_cross_signed(lab);
  const std::string roots = certificate_pem(pki.old_root) + certificate_pem(pki.new_root);
  Site& bad = lab.bad(FaultContext::plan(pki.leaf, {pki.issuer, pki.cross}));
  bad.ca_pem = roots;
  bad.expectation = Expectation::ShouldAccept;
  lab.good(FaultContext::plan(pki.leaf, {pki.issuer})).ca_pem = roots;
}

}  // namespace

extern constinit const LabFault fault_expired_cross_sign{.id = "expired-cross-sign",
                                                         .summary_key = "lab.expired-cross-sign",
                                                         .cause = "expired-root-or-cross-sign",
                                                         .start = start};

}  // namespace medic::lab
