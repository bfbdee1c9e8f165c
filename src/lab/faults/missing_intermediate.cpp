#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// The issuer can be fetched by the URL in the leaf. Clients that fetch issuers (Chromium, Windows,
// macOS) accept it by design.
void start(FaultContext& lab) {
  Recipe leaf = lab.leaf();
  leaf.ca_issuer_urls = {
      lab.publish("issuer.cer", "application/pkix-cert", lab.intermediate().der)};
  const Identity identity = lab.issued(leaf);
  lab.bad(FaultContext::plan(identity, {})).expectation = Expectation::Depends;
  lab.good(lab.plan(identity));
}

}  // namespace

extern constinit const LabFault fault_missing_intermediate{
    .id = "missing-intermediate",
    .summary_key = "lab.missing-intermediate",
    .cause = "missing-intermediate",
    .start = start};

}  // namespace medic::lab
