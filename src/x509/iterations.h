#pragma once

// A bound on what an encrypted file may cost before its passphrase is tried. Internal to x509/.

#include <openssl/pkcs12.h>

#include <cstdint>

#include "base/bytes.h"

namespace medic::x509 {

// Deriving a key takes time by the file's iteration count, which may say 2^31. OpenSSL writes 2048,
// keytool 10,000, the most careful tools about a million.
inline constexpr std::uint64_t kMaxIterations = 2'000'000;

bool asks_too_much(ByteView bytes);
bool asks_too_much(const PKCS12& file);

}  // namespace medic::x509
