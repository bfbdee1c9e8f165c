#include "lab/client_auth.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const ClientAuthority authority = make_client_authority(lab);
  TlsPlan plan = lab.good_plan();
  plan.client_ca_names = {authority.root.subject};
  add_client_auth_sites(lab, std::move(plan), authority);
}

}  // namespace

extern constinit const LabFault fault_client_cert_ca_list{.id = "client-cert-ca-list",
                                                          .summary_key = "lab.client-cert-ca-list",
                                                          .cause = "client-cert-problem",
                                                          .start = start};

}  // namespace medic::lab
