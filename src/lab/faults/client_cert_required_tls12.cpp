#include "lab/client_auth.h"

namespace medic::lab {
namespace {

// TLS 1.2 answers a missing certificate with handshake_failure (40).
void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  plan.max_version = TlsVersion::Tls12;
  add_client_auth_sites(lab, std::move(plan), make_client_authority(lab));
}

}  // namespace

extern constinit const LabFault fault_client_cert_required_tls12{
    .id = "client-cert-required-tls12",
    .summary_key = "lab.client-cert-required-tls12",
    .cause = "client-cert-problem",
    .start = start};

}  // namespace medic::lab
