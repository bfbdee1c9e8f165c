#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// TLS 1.2 answers a missing certificate with handshake_failure (40).
void start(FaultContext& lab) {
  const Identity client_root = make_self_signed(lab.anchor("client root"), lab.key(4));
  Recipe recipe = leaf_recipe("client.lab.test", lab.at());
  recipe.extended_key_usage = {std::string(kClientAuth)};
  const Identity client = make_certificate(recipe, lab.key(5), client_root);
  TlsPlan plan = lab.good_plan();
  plan.max_version = TlsVersion::Tls12;
  plan.client_roots_pem = certificate_pem(client_root);
  plan.client_certificate = ClientCertificate::Required;
  const std::string client_pem = certificate_pem(client) + client.key.pem();
  lab.bad(plan).client_pem = client_pem;
  lab.good(plan, "with-certificate").client_pem = client_pem;
  plan.client_certificate = ClientCertificate::Asked;
  lab.good(plan);
}

}  // namespace

extern constinit const LabFault fault_client_cert_required_tls12{
    .id = "client-cert-required-tls12",
    .summary_key = "lab.client-cert-required-tls12",
    .cause = "client-cert-problem",
    .start = start};

}  // namespace medic::lab
