#pragma once

// Where a sent chain stops: the certificates in issuing order and what is missing after the last
// one.

#include <vector>

#include "x509/certificate.h"

namespace medic::diagnose {

// From the leaf upwards by issuer name, through `sent` and `extra`, each certificate once; ends at
// a self-issued certificate or where no issuer is at hand. Names only: signatures are verify/'s.
std::vector<x509::CertificatePtr> issuing_order(const std::vector<x509::CertificatePtr>& sent,
                                                const std::vector<x509::CertificatePtr>& extra);

}  // namespace medic::diagnose
