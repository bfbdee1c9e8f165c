#include "lab/client_auth.h"

#include <utility>

namespace medic::lab {

ClientAuthority make_client_authority(const FaultContext& lab) {
  ClientAuthority authority{
      .root = make_self_signed(lab.anchor("client root"), FaultContext::key(4)), .client_pem = {}};
  Recipe recipe = leaf_recipe("client.lab.test", lab.at());
  recipe.extended_key_usage = {std::string(kClientAuth)};
  const Identity client = make_certificate(recipe, FaultContext::key(5), authority.root);
  authority.client_pem = certificate_pem(client) + client.key.pem();
  return authority;
}

void add_client_auth_sites(FaultContext& lab, TlsPlan plan, const ClientAuthority& authority) {
  plan.client_roots_pem = certificate_pem(authority.root);
  plan.client_certificate = ClientCertificate::Required;
  lab.bad(plan).client_pem = authority.client_pem;
  lab.good(plan, "with-certificate").client_pem = authority.client_pem;
  plan.client_certificate = ClientCertificate::Asked;
  lab.good(std::move(plan));
}

}  // namespace medic::lab
