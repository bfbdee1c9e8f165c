#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// OpenSSL, GnuTLS, Node and Java fall back to the CN; Go, rustls and browsers do not (RFC 9525
// section 2 forbids it).
void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.dns.clear();
  lab.bad(lab.plan(lab.issued(recipe))).expectation = Expectation::Depends;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_cn_only{
    .id = "cn-only", .summary_key = "lab.cn-only", .cause = "hostname-mismatch", .start = start};

}  // namespace medic::lab
