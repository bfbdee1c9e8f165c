#include "evidence/tls.h"

#include <fmt/core.h>

namespace medic::evidence {

std::string_view version_text(TlsVersion version) {
  switch (version) {
    case TlsVersion::Tls10:
      return "1.0";
    case TlsVersion::Tls11:
      return "1.1";
    case TlsVersion::Tls12:
      return "1.2";
    case TlsVersion::Tls13:
      return "1.3";
  }
  return "unknown";
}

std::optional<TlsVersion> parse_version(std::string_view text) {
  for (const TlsVersion version :
       {TlsVersion::Tls10, TlsVersion::Tls11, TlsVersion::Tls12, TlsVersion::Tls13}) {
    if (text == version_text(version)) {
      return version;
    }
  }
  return std::nullopt;
}

std::string alert_name(std::uint8_t code) {
  struct Row {
    std::uint8_t code;
    std::string_view name;
  };
  // IANA "TLS Alerts" registry.
  static constexpr Row kRows[] = {{0, "close_notify"},
                                  {10, "unexpected_message"},
                                  {20, "bad_record_mac"},
                                  {21, "decryption_failed"},
                                  {22, "record_overflow"},
                                  {30, "decompression_failure"},
                                  {40, "handshake_failure"},
                                  {41, "no_certificate"},
                                  {42, "bad_certificate"},
                                  {43, "unsupported_certificate"},
                                  {44, "certificate_revoked"},
                                  {45, "certificate_expired"},
                                  {46, "certificate_unknown"},
                                  {47, "illegal_parameter"},
                                  {48, "unknown_ca"},
                                  {49, "access_denied"},
                                  {50, "decode_error"},
                                  {51, "decrypt_error"},
                                  {70, "protocol_version"},
                                  {71, "insufficient_security"},
                                  {80, "internal_error"},
                                  {86, "inappropriate_fallback"},
                                  {90, "user_canceled"},
                                  {100, "no_renegotiation"},
                                  {109, "missing_extension"},
                                  {110, "unsupported_extension"},
                                  {111, "certificate_unobtainable"},
                                  {112, "unrecognized_name"},
                                  {113, "bad_certificate_status_response"},
                                  {115, "unknown_psk_identity"},
                                  {116, "certificate_required"},
                                  {120, "no_application_protocol"},
                                  {121, "ech_required"}};
  for (const Row& row : kRows) {
    if (row.code == code) {
      return std::string(row.name);
    }
  }
  return fmt::format("alert-{}", code);
}

}  // namespace medic::evidence
