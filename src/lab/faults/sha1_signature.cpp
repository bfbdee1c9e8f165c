#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// Java refuses SHA-1 only below its bundled roots (jdk.certpath.disabledAlgorithms: SHA1 jdkCA).
void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.hash = Hash::Sha1;
  lab.bad(lab.plan(lab.issued(recipe))).expectation = Expectation::Depends;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_sha1_signature{.id = "sha1-signature",
                                                     .summary_key = "lab.sha1-signature",
                                                     .cause = "weak-server-certificate",
                                                     .start = start};

}  // namespace medic::lab
