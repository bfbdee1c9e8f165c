#pragma once

// What the reader, the writer and the editor of Java's own keystores share. The format is described
// in formats/jks.cpp. Internal to trust/.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "x509/certificate.h"
#include "x509/digest.h"

namespace medic::trust {

inline constexpr std::uint32_t kJksMagic = 0xFEEDFEED;
inline constexpr std::uint32_t kJceksMagic = 0xCECECECE;
inline constexpr std::size_t kJksDigestOctets = 20;

enum class JksEntry : std::uint8_t { PrivateKey = 1, TrustedCertificate = 2, SecretKey = 3 };

// SHA-1 over the password in UTF-16 (ASCII only), a constant, and everything before the digest.
x509::Sha1 jks_digest(ByteView body, std::string_view password);
Bytes jks_trusted_entry(const x509::Certificate& certificate, std::string_view alias,
                        std::uint32_t version, Time at);
// Unsigned, big-endian.
void append_u32(Bytes& out, std::uint64_t value);

}  // namespace medic::trust
