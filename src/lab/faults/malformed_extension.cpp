#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// A subject key identifier that is no OCTET STRING: RFC 5280 section 4.2.1.2 broken, all else
// sound.
void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  lab.good(lab.plan(lab.issued(recipe)));
  recipe.subject_key_id = false;
  recipe.extra = {RawExtension{.oid = "2.5.29.14", .critical = false, .value = {0x30, 0x01}}};
  lab.bad(lab.plan(lab.issued(recipe))).expectation = Expectation::Depends;
}

}  // namespace

extern constinit const LabFault fault_malformed_extension{.id = "malformed-extension",
                                                          .summary_key = "lab.malformed-extension",
                                                          .cause = "server-cert-misissued",
                                                          .start = start};

}  // namespace medic::lab
