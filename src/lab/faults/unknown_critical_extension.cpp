#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  // An arc for documentation: RFC 5612 (example enterprise number 32473).
  const RawExtension extension{
      .oid = "1.3.6.1.4.1.32473.1", .critical = true, .value = {0x05, 0x00}};
  Recipe recipe = lab.leaf();
  recipe.extra = {extension};
  lab.bad(lab.plan(lab.issued(recipe)));
  recipe.extra.front().critical = false;
  lab.good(lab.plan(lab.issued(recipe)));
}

}  // namespace

extern constinit const LabFault fault_unknown_critical_extension{
    .id = "unknown-critical-extension",
    .summary_key = "lab.unknown-critical-extension",
    .cause = "server-cert-misissued",
    .start = start};

}  // namespace medic::lab
