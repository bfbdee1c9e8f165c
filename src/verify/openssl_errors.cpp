#include "verify/openssl_errors.h"

#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>

namespace medic::verify {
namespace {

struct Row {
  int error;
  std::string_view id;
  std::string_view detail;
};

constexpr Row kRows[] = {
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "unknown-issuer", "unknown-issuer"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "unknown-issuer", "unknown-issuer"},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "unknown-issuer", "unknown-issuer"},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "self-signed", "self-signed-leaf"},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "self-signed", "self-signed-root"},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, "bad-signature", "bad-signature"},
    {X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, "malformed-cert", "unreadable-key"},
    {X509_V_ERR_CERT_NOT_YET_VALID, "not-yet-valid", "not-yet-valid"},
    {X509_V_ERR_CERT_HAS_EXPIRED, "expired", "expired"},
    {X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, "malformed-cert", "bad-date"},
    {X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, "malformed-cert", "bad-date"},
    {X509_V_ERR_CERT_CHAIN_TOO_LONG, "chain-too-long", "chain-too-long"},
    {X509_V_ERR_CERT_REVOKED, "revoked", "revoked"},
    {X509_V_ERR_UNABLE_TO_GET_CRL, "crl-problem", "no-crl"},
    {X509_V_ERR_CRL_SIGNATURE_FAILURE, "crl-problem", "crl-bad-signature"},
    {X509_V_ERR_CRL_NOT_YET_VALID, "crl-problem", "crl-not-yet-valid"},
    {X509_V_ERR_CRL_HAS_EXPIRED, "crl-problem", "crl-expired"},
    {X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, "crl-problem", "no-crl-sign"},
    {X509_V_ERR_DIFFERENT_CRL_SCOPE, "crl-problem", "crl-other-scope"},
    {X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, "crl-problem", "crl-critical-extension"},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, "path-length", "path-length"},
    {X509_V_ERR_INVALID_CA, "not-a-ca", "not-a-ca"},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, "missing-key-usage", "no-cert-sign"},
    {X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, "unknown-critical-extension",
     "unknown-critical-extension"},
    {X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED, "profile-violation", "proxy-certificate"},
    {X509_V_ERR_PERMITTED_VIOLATION, "name-constraints", "not-permitted"},
    {X509_V_ERR_EXCLUDED_VIOLATION, "name-constraints", "excluded"},
    {X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, "name-constraints", "constraint-syntax"},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, "name-constraints", "constraint-syntax"},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, "name-constraints", "constraint-syntax"},
    {X509_V_ERR_SUBTREE_MINMAX, "name-constraints", "constraint-syntax"},
    {X509_V_ERR_HOSTNAME_MISMATCH, "hostname-mismatch", "hostname-mismatch"},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, "hostname-mismatch", "hostname-mismatch"},
    {X509_V_ERR_EE_KEY_TOO_SMALL, "weak-key", "weak-key"},
    {X509_V_ERR_CA_KEY_TOO_SMALL, "weak-key", "weak-key"},
    {X509_V_ERR_CA_MD_TOO_WEAK, "weak-signature", "weak-signature"},
    {X509_V_ERR_EC_KEY_EXPLICIT_PARAMS, "profile-violation", "explicit-curve"},
    {X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA, "profile-violation", "path-length-without-ca"},
    {X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN, "profile-violation",
     "path-length-without-cert-sign"},
    {X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA, "profile-violation", "cert-sign-without-ca"},
    {X509_V_ERR_ISSUER_NAME_EMPTY, "profile-violation", "empty-issuer"},
    {X509_V_ERR_SUBJECT_NAME_EMPTY, "profile-violation", "empty-subject"},
    {X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER, "profile-violation",
     "missing-authority-key-identifier"},
    {X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER, "profile-violation",
     "missing-subject-key-identifier"},
    {X509_V_ERR_EMPTY_SUBJECT_ALT_NAME, "profile-violation", "empty-subject-alt-name"},
    {X509_V_ERR_EMPTY_SUBJECT_SAN_NOT_CRITICAL, "profile-violation",
     "subject-alt-name-not-critical"},
    {X509_V_ERR_CA_BCONS_NOT_CRITICAL, "profile-violation", "basic-constraints-not-critical"},
    {X509_V_ERR_AUTHORITY_KEY_IDENTIFIER_CRITICAL, "profile-violation",
     "authority-key-identifier-critical"},
    {X509_V_ERR_SUBJECT_KEY_IDENTIFIER_CRITICAL, "profile-violation",
     "subject-key-identifier-critical"},
    {X509_V_ERR_CA_CERT_MISSING_KEY_USAGE, "profile-violation", "missing-key-usage"},
    {X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3, "profile-violation", "extensions-in-old-version"},
    {X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY, "profile-violation",
     "signature-algorithms-differ"},
    {X509_V_ERR_UNSPECIFIED, "malformed-cert", "unreadable-key"},
};

// Microsoft's and Netscape's "server gated crypto" count as serverAuth (v3_purp.c XKU_SGC).
constexpr std::array<std::string_view, 2> kServerGatedCrypto = {"1.3.6.1.4.1.311.10.3.3",
                                                                "2.16.840.1.113730.4.1"};

constexpr std::uint8_t kNetscapeSslClient = 0x80;
constexpr std::uint8_t kNetscapeSslServer = 0x40;

}  // namespace

Found found_for(int openssl_error, const CertificateFacts* certificate, Purpose purpose) {
  Found found{.id = "malformed-cert",
              .detail = "other",
              .certificate = certificate,
              .openssl_error = openssl_error};
  if (openssl_error == X509_V_ERR_INVALID_PURPOSE) {
    if (wrong_extended_key_usage(*certificate->certificate, purpose)) {
      found.id = "wrong-eku";
      found.detail = purpose == Purpose::Server ? "wrong-eku-server" : "wrong-eku-client";
    } else if (certificate->invalid) {
      found.detail = "bad-extension";
    } else {
      found.id = "missing-key-usage";
      found.detail = "leaf-key-usage";
    }
    return found;
  }
  const auto* const row = std::find_if(std::begin(kRows), std::end(kRows),
                                       [&](const Row& r) { return r.error == openssl_error; });
  if (row != std::end(kRows)) {
    found.id = row->id;
    found.detail = row->detail;
  }
  return found;
}

bool wrong_extended_key_usage(const x509::Certificate& certificate, Purpose purpose) {
  const auto& usage = certificate.extended_key_usage;
  if (!usage) {
    return false;
  }
  if (purpose == Purpose::Client) {
    return !usage->client_auth;
  }
  return !usage->server_auth &&
         std::none_of(usage->others.begin(), usage->others.end(), [](const std::string& oid) {
           return std::find(kServerGatedCrypto.begin(), kServerGatedCrypto.end(), oid) !=
                  kServerGatedCrypto.end();
         });
}

bool leaf_usage_fits(const CertificateFacts& facts, Purpose purpose) {
  const auto& netscape = facts.certificate->netscape_cert_type;
  if (purpose == Purpose::Client) {
    return (facts.key_usage & (x509::kDigitalSignature | x509::kKeyAgreement)) != 0 &&
           (!netscape || (*netscape & kNetscapeSslClient) != 0);
  }
  constexpr std::uint16_t kTls =
      x509::kDigitalSignature | x509::kKeyEncipherment | x509::kKeyAgreement;
  return (facts.key_usage & kTls) != 0 && (!netscape || (*netscape & kNetscapeSslServer) != 0);
}

bool ca_fits_tls(const CertificateFacts& facts) {
  constexpr std::uint8_t kNetscapeSslCa = 0x04;
  if (facts.ca == CaKind::NetscapeOnly) {
    return (facts.certificate->netscape_cert_type.value_or(0) & kNetscapeSslCa) != 0;
  }
  return facts.ca != CaKind::No;
}

}  // namespace medic::verify
