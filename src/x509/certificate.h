#pragma once

// An X.509 certificate, read by our own bounds-checked DER reader: all that policies ask of it, as
// plain values over its own copy of the bytes. Nothing here is trusted; nothing here verifies. A
// certificate that is not DER at all is an Error of kind Data; one that can be read but breaks a
// rule of RFC 5280 is a Certificate with `anomalies`.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "x509/name.h"

namespace medic::x509 {

enum class KeyType { Rsa, RsaPss, Ec, Ed25519, Ed448, Dsa, Other };

struct PublicKey {
  KeyType type = KeyType::Other;
  std::string algorithm;  // dotted OID
  std::uint32_t bits =
      0;              // RSA/DSA modulus, EC field size, 256 for Ed25519, 456 for Ed448; 0: unknown
  std::string curve;  // "P-256", "P-384", "P-521", "secp256k1", dotted OID, "explicit"; EC only
  ByteView spki;      // SubjectPublicKeyInfo, DER
  ByteView bits_content;  // the BIT STRING's octets (what a key identifier hashes)
  ByteView parameters;    // of the AlgorithmIdentifier, DER; empty: absent
};

enum class HashAlgorithm { None, Md2, Md4, Md5, Sha1, Sha224, Sha256, Sha384, Sha512, Other };

// What the signature is made with, from the outer AlgorithmIdentifier.
struct SignatureAlgorithm {
  std::string oid;
  KeyType key = KeyType::Other;
  HashAlgorithm hash = HashAlgorithm::Other;  // None for Ed25519/Ed448 (hashing is inside)
  std::string text;                           // "ecdsa-with-SHA256", "sha1WithRSAEncryption", ...
  ByteView der;                               // the whole AlgorithmIdentifier
  ByteView parameters;                        // DER; empty: absent
};

struct GeneralNames {
  std::vector<std::string> dns;  // as found, not lower-cased
  std::vector<Bytes> ip;         // 4 or 16 octets (8 or 32 in name constraints)
  std::vector<std::string> email;
  std::vector<std::string> uri;
  std::vector<Bytes> directory;  // DER Names
  std::uint32_t other = 0;       // otherName, x400, ediParty, registeredID
  [[nodiscard]] bool empty() const {
    return dns.empty() && ip.empty() && email.empty() && uri.empty() && directory.empty() &&
           other == 0;
  }
};

struct BasicConstraints {
  bool ca = false;
  std::optional<std::uint32_t> path_length;
  bool critical = false;
};

// RFC 5280 section 4.2.1.3, bit 0 (digitalSignature) is the lowest bit here.
inline constexpr std::uint16_t kDigitalSignature = 1U << 0U;
inline constexpr std::uint16_t kNonRepudiation = 1U << 1U;
inline constexpr std::uint16_t kKeyEncipherment = 1U << 2U;
inline constexpr std::uint16_t kDataEncipherment = 1U << 3U;
inline constexpr std::uint16_t kKeyAgreement = 1U << 4U;
inline constexpr std::uint16_t kKeyCertSign = 1U << 5U;
inline constexpr std::uint16_t kCrlSign = 1U << 6U;
inline constexpr std::uint16_t kEncipherOnly = 1U << 7U;
inline constexpr std::uint16_t kDecipherOnly = 1U << 8U;

struct KeyUsage {
  std::uint16_t bits = 0;
  bool critical = false;
};

struct ExtendedKeyUsage {
  bool server_auth = false;
  bool client_auth = false;
  bool any = false;
  bool ocsp_signing = false;
  std::vector<std::string> others;  // dotted OIDs
  bool critical = false;
};

struct NameConstraints {
  GeneralNames permitted;
  GeneralNames excluded;
  bool critical = false;
};

struct AuthorityKeyIdentifier {
  Bytes key_id;  // empty: absent
  Bytes issuer;  // DER Name of authorityCertIssuer's first directoryName; empty: absent
  Bytes serial;  // empty: absent
  bool critical = false;
};

struct Extension {
  std::string oid;  // dotted
  bool critical = false;
  ByteView value;  // the OCTET STRING's content
  ByteView oid_octets;
};

// Which rule of RFC 5280 / X.690 a readable certificate breaks.
struct Anomaly {
  std::string id;      // kebab-case, one of the list below
  std::string detail;  // for people: what was found, in English; foreign bytes escaped
  std::string oid;     // of the extension (or key algorithm) concerned, dotted; else empty
};

// The ids of anomalies. What OpenSSL's verifier refuses them with stands beside them.
//   bad-version                   neither 1, 2 nor 3
//   negative-serial, zero-serial, long-serial (over 20 octets)
//   bad-not-before, bad-not-after a form other than RFC 5280's; the field holds the best reading,
//   the
//                                 epoch when there is none (X509_V_ERR_ERROR_IN_CERT_NOT_*_FIELD)
//   early-generalized-time        GeneralizedTime for a year before 2050 (fine for OpenSSL)
//   empty-issuer                  (X509_STRICT: X509_V_ERR_ISSUER_NAME_EMPTY)
//   bad-public-key                the key's octets are not what its algorithm says
//   bad-extension                 its value is not of its type: the field of Certificate is absent
//                                 (X509_V_ERR_INVALID_EXTENSION for the ones OpenSSL reads)
//   duplicate-extension           the first one is used (the same for OpenSSL)
//   trailing-extension-data       octets after the extension's value (ignored by OpenSSL)
//   empty-extensions, extensions-in-old-version (version 1 or 2), unique-id-in-v1
//   path-length-without-ca, negative-path-length (X509_V_ERR_INVALID_EXTENSION)
//   empty-key-usage, bad-ip-length, subtree-bounds, empty-name-constraints, empty-subject-alt-name,
//   non-ascii-name                an IA5String with octets over 0x7F
//   explicit-default              DEFAULT FALSE written out; DER forbids it, everybody reads it

// Never copied: its views point into `der`.
struct Certificate {
  Certificate() = default;
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  Certificate(Certificate&&) = delete;
  Certificate& operator=(Certificate&&) = delete;
  ~Certificate() = default;

  Bytes der;
  Sha256 fingerprint{};  // of der

  int version = 3;  // 1, 2 or 3
  Bytes serial;     // two's complement content octets, as found
  SignatureAlgorithm signature_algorithm;
  bool signature_algorithms_agree = true;  // inner and outer AlgorithmIdentifier are the same bytes
  Name issuer;
  Name subject;
  Time not_before;
  Time not_after;
  PublicKey public_key;
  ByteView tbs;                            // TBSCertificate, DER: what is signed
  ByteView signature;                      // the BIT STRING's octets
  std::uint8_t signature_unused_bits = 0;  // anything but 0 is a signature nobody accepts

  std::vector<Extension> extensions;  // in order, all of them
  std::optional<BasicConstraints> basic_constraints;
  std::optional<KeyUsage> key_usage;
  std::optional<ExtendedKeyUsage> extended_key_usage;
  std::optional<GeneralNames> subject_alt_names;
  bool subject_alt_names_critical = false;
  std::optional<NameConstraints> name_constraints;
  std::optional<AuthorityKeyIdentifier> authority_key_id;
  std::optional<Bytes> subject_key_id;
  bool subject_key_id_critical = false;
  std::vector<std::string> ca_issuer_urls;  // AIA id-ad-caIssuers, uniformResourceIdentifier only
  std::vector<std::string> ocsp_urls;       // AIA id-ad-ocsp
  std::vector<std::string> crl_urls;        // CRL distribution points, fullName URIs
  std::vector<std::string> policies;        // dotted OIDs
  bool must_staple = false;                 // TLS feature 5 (RFC 7633)
  std::optional<std::uint8_t>
      netscape_cert_type;  // its bits, 0x80: SSL client ... 0x01: object-signing CA
  // Dotted OIDs of critical extensions that nothing processes, by OpenSSL's list
  // (X509_supported_extension); other engines go by `extensions`.
  std::vector<std::string> unknown_critical;
  std::vector<Anomaly> anomalies;

  [[nodiscard]] bool self_issued() const { return issuer.canonical == subject.canonical; }
};

// Shared: an evidence record, a chain, an anchor set and every path that uses it hold the same one.
using CertificatePtr = std::shared_ptr<const Certificate>;

// At most this many octets are read as one certificate; larger ones are an Error of kind Limit.
inline constexpr std::size_t kMaxCertificateBytes = std::size_t{256} * 1024;

// Parses exactly one DER certificate; trailing bytes are an Error. Copies the bytes.
Result<CertificatePtr> parse_certificate(ByteView der);

// The canonical subject (Name::canonical) of a DER certificate without reading the rest: for
// indexing stores. `beginning` may be cut after the subject; none when it is cut before that or is
// malformed.
std::optional<Bytes> peek_canonical_subject(ByteView beginning);

}  // namespace medic::x509
