#include "lab/revocation_maker.h"

#include <openssl/evp.h>

#include <array>

#include "base/check.h"
#include "lab/der_writer.h"

namespace medic::lab {
namespace {

Bytes sha1(ByteView bytes) {
  std::array<unsigned char, 20> digest{};
  MEDIC_CHECK(EVP_Q_digest(nullptr, "SHA1", nullptr, bytes.data(), bytes.size(), digest.data(),
                           nullptr) == 1);
  return {digest.begin(), digest.end()};
}

// RFC 6960 section 4.1.1. SHA-1 as almost all responders use it; it identifies, it protects
// nothing.
Bytes cert_id(const Identity& issuer, const Identity& certificate) {
  const Bytes sha1_algorithm =
      der::sequence({der::oid("1.3.14.3.2.26"), der::tlv(der::kNull, ByteView{})});
  return der::sequence({sha1_algorithm, der::octet_string(sha1(name_der(issuer.subject))),
                        der::octet_string(issuer.key.key_id()),
                        der::tlv(der::kInteger, certificate.serial)});
}

Bytes cert_status(const OcspRecipe& recipe) {
  switch (recipe.status) {
    case OcspStatus::Good:
      return der::tlv(der::context(0), ByteView{});
    case OcspStatus::Revoked:
      // keyCompromise (1), RFC 5280 section 5.3.1.
      return der::tlv(der::context_constructed(1),
                      {der::generalized_time(recipe.revoked_at),
                       der::tlv(der::context_constructed(0), Bytes{der::kEnumerated, 1, 1})});
    case OcspStatus::Unknown:
      return der::tlv(der::context(2), ByteView{});
  }
  return {};
}

}  // namespace

Bytes make_crl(const Identity& issuer, const CrlRecipe& recipe) {
  Bytes entries;
  for (const Bytes& serial : recipe.revoked) {
    der::append(entries,
                der::sequence({der::tlv(der::kInteger, serial), der::time(recipe.revoked_at)}));
  }
  const Bytes revoked = entries.empty() ? Bytes{} : der::tlv(der::kSequence, entries);
  const Bytes authority = der::sequence({der::tlv(der::context(0), issuer.subject_key_id)});
  Bytes listed;
  der::append(listed, der::sequence({der::oid("2.5.29.35"), der::octet_string(authority)}));
  der::append(listed, der::sequence({der::oid("2.5.29.20"), der::octet_string(der::integer(1))}));
  for (const RawExtension& extension : recipe.extra) {
    const Bytes critical = extension.critical ? Bytes{0x01, 0x01, 0xFF} : Bytes{};
    der::append(listed, der::sequence({der::oid(extension.oid), critical,
                                       der::octet_string(extension.value)}));
  }
  const Bytes extensions = der::tlv(der::kSequence, listed);
  const Bytes tbs = der::sequence({der::integer(1), signature_algorithm(issuer.key, Hash::Sha256),
                                   name_der(issuer.subject), der::time(recipe.this_update),
                                   der::time(recipe.next_update), revoked,
                                   der::tlv(der::context_constructed(0), extensions)});
  return signed_der(tbs, issuer.key, Hash::Sha256);
}

Bytes make_ocsp_response(const Identity& issuer, const Identity& certificate,
                         const OcspRecipe& recipe) {
  const Bytes single = der::sequence(
      {cert_id(issuer, certificate), cert_status(recipe), der::generalized_time(recipe.this_update),
       der::tlv(der::context_constructed(0), der::generalized_time(recipe.next_update))});
  // ResponderID by key.
  const Bytes responder =
      der::tlv(der::context_constructed(2), der::octet_string(issuer.key.key_id()));
  const Bytes data = der::sequence(
      {responder, der::generalized_time(recipe.produced_at), der::sequence({single})});
  const Bytes basic = signed_der(data, issuer.key, Hash::Sha256);
  const Bytes response_bytes =
      der::sequence({der::oid("1.3.6.1.5.5.7.48.1.1"), der::octet_string(basic)});
  const Bytes successful = {der::kEnumerated, 1, 0};
  return der::sequence({successful, der::tlv(der::context_constructed(0), response_bytes)});
}

}  // namespace medic::lab
