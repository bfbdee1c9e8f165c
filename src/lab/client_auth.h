#pragma once

// What the faults about client certificates share.

#include "lab/fault_context.h"

namespace medic::lab {

// A CA for client certificates and one certificate from it.
struct ClientAuthority {
  Identity root;
  std::string client_pem;  // certificate and key
};
ClientAuthority make_client_authority(const FaultContext& lab);

// The site whose server demands a certificate of `authority`; its twins ask for one without
// demanding it, and are shown one.
void add_client_auth_sites(FaultContext& lab, TlsPlan plan, const ClientAuthority& authority);

}  // namespace medic::lab
