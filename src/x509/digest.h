#pragma once

// Hashes of bytes, straight from libcrypto's primitives: no provider fetch, no configuration file.

#include <array>

#include "base/bytes.h"

namespace medic::x509 {

using Sha1 = std::array<std::uint8_t, 20>;

Sha256 sha256(ByteView bytes);
// For identifiers only (key ids, OCSP certIDs, name hashes), never for trust.
Sha1 sha1(ByteView bytes);

}  // namespace medic::x509
