#pragma once

// What the experiments about revocation and distrust share: who issued whom, up to the anchor.

#include <vector>

#include "diagnose/experiment.h"

namespace medic::diagnose {

// The chain that stands for an endpoint, with what experiments changed; empty when there is none.
std::vector<x509::CertificatePtr> standing_chain(Bench& bench, std::size_t endpoint,
                                                 const evidence::Handshake** handshake = nullptr);

// From the leaf of `chain` upwards, each certificate with its issuer after it: those sent, fetched,
// and at the end the first anchor at hand of that name. Ends where no issuer is at hand, at a
// self-issued certificate at the latest; empty for an empty chain. Names only, no signatures.
std::vector<x509::CertificatePtr> issuing_path(Bench& bench,
                                               const std::vector<x509::CertificatePtr>& chain);

}  // namespace medic::diagnose
