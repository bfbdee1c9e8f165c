#pragma once

// What the experiments about revocation share.

#include <vector>

#include "diagnose/experiment.h"

namespace medic::diagnose {

// The chain that stands for an endpoint, with what experiments changed; empty when there is none.
std::vector<x509::CertificatePtr> standing_chain(Bench& bench, std::size_t endpoint,
                                                 const evidence::Handshake** handshake = nullptr);

// The certificate that issued the leaf: sent, fetched, or an anchor; null when it is not at hand.
x509::CertificatePtr leaf_issuer(Bench& bench, const std::vector<x509::CertificatePtr>& chain);

}  // namespace medic::diagnose
