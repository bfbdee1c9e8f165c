#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// X509_V_FLAG_X509_STRICT, error 85; RFC 5280 section 4.2.1.1.
void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.authority_key_id = false;
  lab.bad(lab.plan(lab.issued(recipe))).expectation = Expectation::Depends;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_missing_authority_key_id{
    .id = "missing-authority-key-id",
    .summary_key = "lab.missing-authority-key-id",
    .cause = "strict-x509-client",
    .start = start};

}  // namespace medic::lab
