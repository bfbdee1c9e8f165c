#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const Recipe narrow = lab.authority("narrow intermediate");
  Recipe wide = narrow;
  wide.basic_constraints = ca_constraints(1);
  const Identity too_narrow = make_certificate(narrow, lab.key(1), lab.root());
  const Identity wide_enough = make_certificate(wide, lab.key(1), lab.root());
  const Identity lower =
      make_certificate(lab.authority("lower intermediate"), lab.key(2), wide_enough);
  const Identity leaf = make_certificate(lab.leaf(), lab.key(), lower);
  lab.bad(FaultContext::plan(leaf, {lower, too_narrow}));
  lab.good(FaultContext::plan(leaf, {lower, wide_enough}));
}

}  // namespace

extern constinit const LabFault fault_path_length_exceeded{
    .id = "path-length-exceeded",
    .summary_key = "lab.path-length-exceeded",
    .cause = "server-cert-misissued",
    .start = start};

}  // namespace medic::lab
