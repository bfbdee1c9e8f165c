#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  Recipe recipe = leaf_recipe("missing-www.lab.test", lab.at());
  lab.use_host("www.missing-www.lab.test");
  lab.bad(lab.plan(lab.issued(recipe)));
  recipe.dns.emplace_back("www.missing-www.lab.test");
  lab.good(lab.plan(lab.issued(recipe)));
}

}  // namespace

extern constinit const LabFault fault_missing_www{.id = "missing-www",
                                                  .summary_key = "lab.missing-www",
                                                  .cause = "hostname-mismatch",
                                                  .start = start};

}  // namespace medic::lab
