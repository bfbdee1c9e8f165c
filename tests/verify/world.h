#pragma once

// Small parts of the tests of verify/: stores from DER, questions from generated chains.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trust/anchors.h"
#include "verify/verify.h"

namespace medic::verify {

// Certificates that our reader refuses are left out of a store, as clients do.
trust::AnchorSetPtr store_of(const std::vector<Bytes>& ders);

// None when a certificate is not readable.
std::optional<std::vector<x509::CertificatePtr>> parsed_chain(const std::vector<Bytes>& ders);

// "expired@0 unknown-issuer@1", in order; empty: pass.
std::string fault_list(const Verdict& verdict);

}  // namespace medic::verify
