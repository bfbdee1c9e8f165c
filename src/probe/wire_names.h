#pragma once

// Names of what the ServerHello and its companions choose. Sources: IANA "TLS Supported Groups",
// RFC 8446 section 4.2.3 (signature schemes), IANA "TLS HashAlgorithm" and "SignatureAlgorithm".

#include <cstdint>
#include <string>

namespace medic::probe {

struct GroupName {
  std::uint16_t id = 0;
  const char* name = "";
  std::uint32_t bits = 0;  // of the key, as OpenSSL's EVP_PKEY_bits counts them
};

// "group-0x1234" and 0 bits for an unknown one.
std::string group_name(std::uint16_t id);
std::uint32_t group_bits(std::uint16_t id);
bool is_known_group(std::uint16_t id);

// "ecdsa_secp256r1_sha256"; "sigalg-0x1234" for an unknown one.
std::string signature_scheme_name(std::uint16_t id);

}  // namespace medic::probe
