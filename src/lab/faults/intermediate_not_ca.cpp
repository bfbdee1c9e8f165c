#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const Recipe authority = lab.authority("no authority");
  Recipe plain = authority;
  plain.basic_constraints =
      x509::BasicConstraints{.ca = false, .path_length = {}, .critical = true};
  plain.key_usage = x509::KeyUsage{.bits = x509::kDigitalSignature, .critical = true};
  const Identity not_ca = make_certificate(plain, lab.key(1), lab.root());
  const Identity ca = make_certificate(authority, lab.key(1), lab.root());
  const Identity leaf = make_certificate(lab.leaf(), lab.key(), ca);
  lab.bad(FaultContext::plan(leaf, {not_ca}));
  lab.good(FaultContext::plan(leaf, {ca}));
}

}  // namespace

extern constinit const LabFault fault_intermediate_not_ca{.id = "intermediate-not-ca",
                                                          .summary_key = "lab.intermediate-not-ca",
                                                          .cause = "server-cert-misissued",
                                                          .start = start};

}  // namespace medic::lab
