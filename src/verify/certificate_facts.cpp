#include "verify/certificate_facts.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "verify/openssl_handles.h"

namespace medic::verify {
namespace {

using x509::Certificate;
using x509::HashAlgorithm;
using x509::KeyType;

// The extensions that x509v3_cache_extensions() decodes: a bad or repeated one makes the
// certificate invalid for it.
constexpr std::array<std::string_view, 12> kDecodedExtensions = {
    "2.5.29.19",              // basicConstraints
    "1.3.6.1.5.5.7.1.14",     // proxyCertInfo
    "2.5.29.15",              // keyUsage
    "2.5.29.37",              // extKeyUsage
    "2.16.840.1.113730.1.1",  // nsCertType
    "2.5.29.14",              // subjectKeyIdentifier
    "2.5.29.35",              // authorityKeyIdentifier
    "2.5.29.17",              // subjectAltName
    "2.5.29.30",              // nameConstraints
    "2.5.29.31",              // cRLDistributionPoints
    "1.3.6.1.5.5.7.1.7",      // sbgp-ipAddrBlock
    "1.3.6.1.5.5.7.1.8",      // sbgp-autonomousSysNum
};

bool decoded_by_openssl(std::string_view oid) {
  return std::find(kDecodedExtensions.begin(), kDecodedExtensions.end(), oid) !=
         kDecodedExtensions.end();
}

bool has_invalid_extension(const Certificate& certificate) {
  return std::any_of(
      certificate.anomalies.begin(), certificate.anomalies.end(), [](const x509::Anomaly& anomaly) {
        if (anomaly.id == "bad-extension" || anomaly.id == "duplicate-extension") {
          return decoded_by_openssl(anomaly.oid);
        }
        return anomaly.id == "empty-key-usage" || anomaly.id == "negative-path-length";
      });
}

bool has_anomaly(const Certificate& certificate, std::string_view id) {
  return std::any_of(certificate.anomalies.begin(), certificate.anomalies.end(),
                     [id](const x509::Anomaly& anomaly) { return anomaly.id == id; });
}

bool has_extension(const Certificate& certificate, std::string_view oid) {
  return std::any_of(certificate.extensions.begin(), certificate.extensions.end(),
                     [oid](const x509::Extension& extension) { return extension.oid == oid; });
}

// Fixed figures of NIST SP 800-57 and FIPS 140-2 IG 7.5, else the estimate of the number field
// sieve rounded to a multiple of 8 (OpenSSL 3.0 crypto/rsa/rsa_lib.c documents both).
int rsa_security_bits(std::uint32_t n) {
  constexpr std::pair<std::uint32_t, int> kStandard[] = {
      {2048, 112}, {3072, 128}, {4096, 152}, {6144, 176}, {7680, 192}, {8192, 200}, {15360, 256}};
  for (const auto& [bits, strength] : kStandard) {
    if (bits == n) {
      return strength;
    }
  }
  if (n < 8) {
    return 0;
  }
  if (n >= 687737) {
    return 1200;
  }
  const double x = static_cast<double>(n) * std::log(2.0);
  const double lx = std::log(x);
  const double work = (1.923 * std::cbrt(x * lx * lx) - 4.69) / std::log(2.0);
  const int estimate = (static_cast<int>(work) + 4) & ~7;
  int cap = 1200;
  if (n <= 7680) {
    cap = 192;
  } else if (n <= 15360) {
    cap = 256;
  }
  return std::min(estimate, cap);
}

int ec_security_bits(std::uint32_t bits) {
  constexpr std::pair<std::uint32_t, int> kSteps[] = {
      {512, 256}, {384, 192}, {256, 128}, {224, 112}, {160, 80}};
  for (const auto& [floor, strength] : kSteps) {
    if (bits >= floor) {
      return strength;
    }
  }
  return static_cast<int>(bits / 2);
}

CaKind ca_kind(const Certificate& certificate, const CertificateFacts& facts) {
  if ((facts.key_usage & x509::kKeyCertSign) == 0) {
    return CaKind::No;
  }
  if (certificate.basic_constraints) {
    return certificate.basic_constraints->ca ? CaKind::Yes : CaKind::No;
  }
  if (certificate.version == 1 && facts.self_signed) {
    return CaKind::OldRoot;
  }
  if (certificate.key_usage) {
    return CaKind::KeyUsageOnly;
  }
  if (certificate.netscape_cert_type && (*certificate.netscape_cert_type & 0x07U) != 0) {
    return CaKind::NetscapeOnly;
  }
  return CaKind::No;
}

ByteView without_leading_zeros(const Bytes& number) {
  ByteView view(number);
  while (view.size() > 1 && view.front() == 0) {
    view = view.subspan(1);
  }
  return view;
}

bool same_number(const Bytes& a, const Bytes& b) {
  const ByteView left = without_leading_zeros(a);
  const ByteView right = without_leading_zeros(b);
  return std::equal(left.begin(), left.end(), right.begin(), right.end());
}

bool key_identifiers_fit(const Certificate& child, const Certificate& issuer) {
  if (!child.authority_key_id) {
    return true;
  }
  const x509::AuthorityKeyIdentifier& wanted = *child.authority_key_id;
  if (!wanted.key_id.empty() && issuer.subject_key_id && wanted.key_id != *issuer.subject_key_id) {
    return false;
  }
  if (!wanted.serial.empty() && !same_number(wanted.serial, issuer.serial)) {
    return false;
  }
  if (!wanted.issuer.empty()) {
    const Result<x509::Name> name = x509::parse_name(wanted.issuer);
    return name.has_value() && name->canonical == issuer.issuer.canonical;
  }
  return true;
}

// Skips one DER element of `in` and returns its content; empty when there is none. Only for the
// start of a TBSCertificate that our reader accepted.
ByteView next_element(ByteView& in, std::uint8_t tag) {
  if (in.size() < 2 || in[0] != tag) {
    return {};
  }
  std::size_t length = in[1];
  std::size_t header = 2;
  if (length >= 0x80) {
    const std::size_t octets = length - 0x80;
    length = 0;
    for (std::size_t i = 0; i < octets && header < in.size(); ++i) {
      length = (length << 8U) | in[header++];
    }
  }
  if (length > in.size() - header) {
    return {};
  }
  const ByteView content = in.subspan(header, length);
  in = in.subspan(header + length);
  return content;
}

// What the inner AlgorithmIdentifier names, where it differs from the outer one.
KeyType inner_signer(const Certificate& certificate) {
  ByteView outer = certificate.tbs;
  ByteView tbs = next_element(outer, 0x30);
  static_cast<void>(next_element(tbs, 0xA0));
  static_cast<void>(next_element(tbs, 0x02));
  const ByteView algorithm = next_element(tbs, 0x30);
  const unsigned char* at = algorithm.data();
  const ObjectPtr oid(
      at == nullptr ? nullptr : d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(algorithm.size())));
  int key = NID_undef;
  if (oid == nullptr || OBJ_find_sigid_algs(OBJ_obj2nid(oid.get()), nullptr, &key) != 1) {
    ERR_clear_error();
    return KeyType::Other;
  }
  switch (key) {
    case NID_rsaEncryption:
      return KeyType::Rsa;
    case NID_rsassaPss:
      return KeyType::RsaPss;
    case NID_X9_62_id_ecPublicKey:
      return KeyType::Ec;
    case NID_ED25519:
      return KeyType::Ed25519;
    case NID_ED448:
      return KeyType::Ed448;
    case NID_dsa:
      return KeyType::Dsa;
    default:
      return KeyType::Other;
  }
}

// The key can make signatures of this algorithm (an rsaEncryption key makes PSS ones too).
bool algorithms_fit(const CertificateFacts& child, const x509::PublicKey& key, bool key_readable) {
  if (!key_readable || child.signer == KeyType::Other) {
    return false;
  }
  return child.signer == key.type || (child.signer == KeyType::RsaPss && key.type == KeyType::Rsa);
}

// A point that is not on its curve is no key for OpenSSL. Decoding it alone is a tenth of the cost
// of making an EVP_PKEY of it.
bool point_on_curve(const x509::PublicKey& key) {
  if (key.curve == "explicit") {
    return true;  // OpenSSL reads these, and refuses them later
  }
  static thread_local std::map<std::string, GroupPtr, std::less<>> groups;
  auto at = groups.find(key.curve);
  if (at == groups.end()) {
    const std::string_view known[][2] = {
        {"P-256", "prime256v1"}, {"P-384", "secp384r1"}, {"P-521", "secp521r1"}};
    std::string name = key.curve;
    for (const auto& [ours, theirs] : known) {
      name = name == ours ? std::string(theirs) : name;
    }
    at = groups.emplace(key.curve, GroupPtr(EC_GROUP_new_by_curve_name(OBJ_txt2nid(name.c_str()))))
             .first;
  }
  const EC_GROUP* group = at->second.get();
  const PointPtr point(group == nullptr ? nullptr : EC_POINT_new(group));
  const bool good = point != nullptr &&
                    EC_POINT_oct2point(group, point.get(), key.bits_content.data(),
                                       key.bits_content.size(), nullptr) == 1 &&
                    EC_POINT_is_at_infinity(group, point.get()) == 0;
  ERR_clear_error();
  return good;
}

}  // namespace

int key_security_bits(const x509::PublicKey& key) {
  switch (key.type) {
    case KeyType::Rsa:
    case KeyType::RsaPss:
    case KeyType::Dsa:
      return rsa_security_bits(key.bits);
    case KeyType::Ec:
      return ec_security_bits(key.bits);
    case KeyType::Ed25519:
      return 128;
    case KeyType::Ed448:
      return 224;
    case KeyType::Other:
      break;
  }
  return 0;
}

int signature_security_bits(const x509::SignatureAlgorithm& algorithm) {
  if (algorithm.key == KeyType::Ed25519) {
    return 128;
  }
  if (algorithm.key == KeyType::Ed448) {
    return 224;
  }
  switch (algorithm.hash) {
    case HashAlgorithm::Md2:
    case HashAlgorithm::Md4:
      return 64;
    case HashAlgorithm::Md5:
      return 39;  // broken: below level 1 (OpenSSL 3.0 crypto/x509/x509_set.c)
    case HashAlgorithm::Sha1:
      return 63;
    case HashAlgorithm::Sha224:
      return 112;
    case HashAlgorithm::Sha256:
      return 128;
    case HashAlgorithm::Sha384:
      return 192;
    case HashAlgorithm::Sha512:
      return 256;
    case HashAlgorithm::None:
    case HashAlgorithm::Other:
      break;
  }
  return -1;
}

bool likely_issued(const CertificateFacts& child, const CertificateFacts& issuer) {
  return child.issuer_id == issuer.subject_id && !child.invalid && !issuer.invalid &&
         key_identifiers_fit(*child.certificate, *issuer.certificate) &&
         algorithms_fit(child, issuer.certificate->public_key, issuer.key_readable);
}

bool key_ids_fit(const CertificateFacts& child, const CertificateFacts& issuer) {
  return key_identifiers_fit(*child.certificate, *issuer.certificate);
}

CertificateFacts make_facts(x509::CertificatePtr certificate) {
  CertificateFacts facts;
  const Certificate& c = *certificate;
  facts.not_before = c.not_before.time_since_epoch().count();
  facts.not_after = c.not_after.time_since_epoch().count();
  facts.invalid = has_invalid_extension(c);
  facts.key_readable = c.public_key.type != KeyType::Other && !has_anomaly(c, "bad-public-key") &&
                       (c.public_key.type != KeyType::Ec || point_on_curve(c.public_key));
  facts.bad_not_before = has_anomaly(c, "bad-not-before");
  facts.bad_not_after = has_anomaly(c, "bad-not-after");
  facts.proxy = has_extension(c, "1.3.6.1.5.5.7.1.14");
  facts.signer = c.signature_algorithms_agree ? c.signature_algorithm.key : inner_signer(c);
  facts.self_issued = c.self_issued();
  facts.self_signed = facts.self_issued && key_identifiers_fit(c, c) &&
                      algorithms_fit(facts, c.public_key, facts.key_readable);
  if (c.key_usage) {
    facts.key_usage = c.key_usage->bits;
  }
  facts.ca = facts.invalid ? CaKind::No : ca_kind(c, facts);
  facts.key_security_bits = facts.key_readable ? key_security_bits(c.public_key) : 0;
  facts.signature_security_bits = signature_security_bits(c.signature_algorithm);
  facts.has_dns_san = c.subject_alt_names && !c.subject_alt_names->dns.empty();
  facts.certificate = std::move(certificate);
  return facts;
}

}  // namespace medic::verify
