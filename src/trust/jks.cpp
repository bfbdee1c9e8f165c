#include "trust/jks.h"

namespace medic::trust {
namespace {

void append(Bytes& out, ByteView more) {
  out.insert(out.end(), more.begin(), more.end());
}

void append_utf(Bytes& out, std::string_view ascii) {
  out.push_back(static_cast<std::uint8_t>(ascii.size() >> 8U));
  out.push_back(static_cast<std::uint8_t>(ascii.size() & 0xFFU));
  append(out, as_bytes(ascii));
}

}  // namespace

void append_u32(Bytes& out, std::uint64_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift)));
  }
}

x509::Sha1 jks_digest(ByteView body, std::string_view password) {
  constexpr std::string_view kWhitener = "Mighty Aphrodite";
  Bytes hashed;
  hashed.reserve(password.size() * 2 + kWhitener.size() + body.size());
  for (const char c : password) {
    hashed.push_back(0);
    hashed.push_back(static_cast<std::uint8_t>(c));
  }
  append(hashed, as_bytes(kWhitener));
  append(hashed, body);
  return x509::sha1(hashed);
}

Bytes jks_trusted_entry(const x509::Certificate& certificate, std::string_view alias,
                        std::uint32_t version, Time at) {
  const auto milliseconds = static_cast<std::uint64_t>(at.time_since_epoch().count()) * 1000U;
  Bytes entry;
  append_u32(entry, static_cast<std::uint64_t>(JksEntry::TrustedCertificate));
  append_utf(entry, alias);
  append_u32(entry, milliseconds >> 32U);
  append_u32(entry, milliseconds & 0xFFFFFFFFU);
  if (version == 2) {
    append_utf(entry, "X.509");
  }
  append_u32(entry, certificate.der.size());
  append(entry, certificate.der);
  return entry;
}

}  // namespace medic::trust
