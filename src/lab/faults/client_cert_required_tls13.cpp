#include "lab/client_auth.h"

namespace medic::lab {
namespace {

// TLS 1.3 answers with certificate_required (116) after the client believes it is connected.
void start(FaultContext& lab) {
  add_client_auth_sites(lab, lab.good_plan(), make_client_authority(lab));
}

}  // namespace

extern constinit const LabFault fault_client_cert_required_tls13{
    .id = "client-cert-required-tls13",
    .summary_key = "lab.client-cert-required-tls13",
    .cause = "client-cert-problem",
    .start = start};

}  // namespace medic::lab
