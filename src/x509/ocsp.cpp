#include "x509/ocsp.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "x509/der.h"
#include "x509/digest.h"
#include "x509/oid.h"
#include "x509/parts.h"

namespace medic::x509 {
namespace {

constexpr Oid kBasicResponse = make_oid({1, 3, 6, 1, 5, 5, 7, 48, 1, 1});
constexpr Oid kNonce = make_oid({1, 3, 6, 1, 5, 5, 7, 48, 1, 2});
constexpr Oid kSha1 = make_oid({1, 3, 14, 3, 2, 26});

Bytes copied(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

// CertID (RFC 6960 section 4.1.1).
void read_certificate_id(der::Reader& reader, OcspSingle& single) {
  der::Reader fields = reader.inside(der::kSequence);
  der::Reader algorithm = fields.inside(der::kSequence);
  single.hash = hash_algorithm(algorithm.oid());
  single.issuer_name_hash = copied(fields.element(der::kOctetString).content);
  single.issuer_key_hash = copied(fields.element(der::kOctetString).content);
  single.serial = copied(fields.integer());
  fields.end();
}

Time read_response_time(der::Reader& reader, OcspSingle& single) {
  const ReadTime read = read_time(reader);
  single.bad_time = single.bad_time || read.form != TimeForm::Standard;
  return read.time;
}

// CertStatus: [0] good NULL, [1] revoked SEQUENCE, [2] unknown NULL, all implicit.
void read_status(der::Reader& fields, OcspSingle& single) {
  const ByteView at = fields.rest();
  const der::Element status = fields.element();
  if (!fields.ok()) {
    return;
  }
  if (status.tag == der::context(0)) {
    single.status = OcspStatus::Good;
  } else if (status.tag == der::context(2)) {
    single.status = OcspStatus::Unknown;
  } else if (status.tag == der::context_constructed(1)) {
    single.status = OcspStatus::Revoked;
    der::Reader revoked(status.content, fields.failure());
    single.revoked_at = read_response_time(revoked, single);
    if (revoked.next_is(der::context_constructed(0))) {
      der::Reader reason = revoked.inside(der::context_constructed(0));
      const std::uint32_t code = reason.small_integer(der::kEnumerated);
      single.reason = reason.ok() ? revocation_reason(code) : std::string{};
    }
    revoked.end();
  } else {
    fields.failure().set("a certificate status that does not exist", at);
  }
}

void note_critical(der::Reader& field, OcspResponse& response) {
  for (const Extension& extension : read_extensions(field)) {
    if (extension.critical && !(kNonce == extension.oid_octets)) {
      response.unknown_critical.push_back(extension.oid);
    }
  }
}

void read_single(der::Reader& list, OcspResponse& response) {
  der::Reader fields = list.inside(der::kSequence);
  OcspSingle single;
  read_certificate_id(fields, single);
  read_status(fields, single);
  single.this_update = read_response_time(fields, single);
  if (fields.next_is(der::context_constructed(0))) {
    der::Reader next = fields.inside(der::context_constructed(0));
    single.next_update = read_response_time(next, single);
    next.end();
  }
  if (fields.next_is(der::context_constructed(1))) {
    der::Reader extensions = fields.inside(der::context_constructed(1));
    note_critical(extensions, response);
  }
  fields.end();
  if (fields.ok()) {
    response.singles.push_back(std::move(single));
  }
}

void read_response_data(der::Reader& fields, OcspResponse& response) {
  fields.optional(der::context_constructed(0));  // version
  if (fields.next_is(der::context_constructed(1))) {
    der::Reader name = fields.inside(der::context_constructed(1));
    response.responder_name = read_name(name);
    name.end();
  } else {
    der::Reader key = fields.inside(der::context_constructed(2));
    response.responder_key_hash = copied(key.element(der::kOctetString).content);
    key.end();
  }
  response.produced_at = read_time(fields).time;
  der::Reader list = fields.inside(der::kSequence);
  while (list.ok() && !list.at_end()) {
    read_single(list, response);
  }
  if (fields.next_is(der::context_constructed(1))) {
    der::Reader extensions = fields.inside(der::context_constructed(1));
    note_critical(extensions, response);
  }
  fields.end();
}

// BasicOCSPResponse. A broken certificate among the embedded ones must not hide the answer.
void read_basic(der::Reader& reader, OcspResponse& response) {
  der::Reader fields = reader.inside(der::kSequence);
  const der::Element data = fields.element(der::kSequence);
  response.tbs = data.whole;
  der::Reader data_fields(data.content, reader.failure());
  read_response_data(data_fields, response);
  response.signature_algorithm = read_signature_algorithm(fields);
  const der::BitString signature = der::bit_string(fields);
  response.signature = signature.octets;
  response.signature_unused_bits = signature.unused_bits;
  if (fields.next_is(der::context_constructed(0))) {
    der::Reader outer = fields.inside(der::context_constructed(0));
    der::Reader list = outer.inside(der::kSequence);
    while (list.ok() && !list.at_end()) {
      const der::Element one = list.element(der::kSequence);
      if (auto certificate = parse_certificate(one.whole)) {
        response.certificates.push_back(*std::move(certificate));
      }
    }
  }
  fields.end();
}

Bytes hashed(HashAlgorithm algorithm, ByteView bytes) {
  if (algorithm == HashAlgorithm::Sha1) {
    const Sha1 hash = sha1(bytes);
    return {hash.begin(), hash.end()};
  }
  if (algorithm == HashAlgorithm::Sha256) {
    const Sha256 hash = sha256(bytes);
    return {hash.begin(), hash.end()};
  }
  return {};
}

bool is_responder(const OcspResponse& response, const Certificate& certificate) {
  if (response.responder_key_hash.empty()) {
    return response.responder_name.canonical == certificate.subject.canonical;
  }
  return response.responder_key_hash ==
         hashed(HashAlgorithm::Sha1, certificate.public_key.bits_content);
}

SignatureCheck check(const OcspResponse& response, const Certificate& signer) {
  if (response.signature_unused_bits != 0) {
    return SignatureCheck::Bad;
  }
  return VerifyingKey(signer.public_key)
      .check(response.signature_algorithm, response.tbs, response.signature);
}

}  // namespace

const OcspSingle* OcspResponse::about(const Certificate& certificate,
                                      const Certificate& issuer) const {
  for (const OcspSingle& single : singles) {
    if (single.serial == certificate.serial && !single.issuer_name_hash.empty() &&
        single.issuer_name_hash == hashed(single.hash, certificate.issuer.der) &&
        single.issuer_key_hash == hashed(single.hash, issuer.public_key.bits_content)) {
      return &single;
    }
  }
  return nullptr;
}

Result<OcspResponsePtr> parse_ocsp_response(ByteView der) {
  if (der.size() > kMaxOcspBytes) {
    return fail(ErrorKind::Limit, fmt::format("an OCSP response of {} bytes: more than {} are not "
                                              "read",
                                              der.size(), kMaxOcspBytes));
  }
  auto response = std::make_shared<OcspResponse>();
  response->der.assign(der.begin(), der.end());
  const ByteView own = response->der;
  der::Failure failure;
  der::Reader reader(own, failure);
  der::Reader fields = reader.inside(der::kSequence);
  reader.end();
  response->status = fields.small_integer(der::kEnumerated);
  if (fields.next_is(der::context_constructed(0))) {
    der::Reader outer = fields.inside(der::context_constructed(0));
    der::Reader typed = outer.inside(der::kSequence);
    const ByteView at = typed.rest();
    const ByteView type = typed.oid();
    if (typed.ok() && !(kBasicResponse == type)) {
      failure.set("a response that is not id-pkix-ocsp-basic", at);
    }
    der::Reader basic(typed.element(der::kOctetString).content, failure);
    read_basic(basic, *response);
    basic.end();
  } else if (fields.ok() && response->status == 0) {
    failure.set("a successful response without an answer", fields.rest());
  }
  fields.end();
  if (failure.failed()) {
    return std::unexpected(failure.error("not an OCSP response", own));
  }
  return OcspResponsePtr(std::move(response));
}

std::string ocsp_status_text(std::uint32_t status) {
  static constexpr auto kTexts =
      std::to_array<std::string_view>({"successful", "malformedRequest", "internalError",
                                       "tryLater", "", "sigRequired", "unauthorized"});
  return status < kTexts.size() && !kTexts[status].empty() ? std::string(kTexts[status])
                                                           : fmt::format("status {}", status);
}

OcspSignature check_ocsp_signature(const OcspResponse& response, const Certificate& issuer) {
  if (is_responder(response, issuer)) {
    const SignatureCheck result = check(response, issuer);
    if (result == SignatureCheck::Good) {
      return {.signer = OcspSigner::Issuer, .delegate = nullptr};
    }
    if (result == SignatureCheck::Bad && response.certificates.empty()) {
      return {.signer = OcspSigner::Bad, .delegate = nullptr};
    }
  }
  // At most a few: each candidate costs a signature check.
  constexpr std::size_t kMaxCandidates = 8;
  OcspSignature worst{.signer = OcspSigner::Unknown, .delegate = nullptr};
  std::size_t tried = 0;
  for (const CertificatePtr& candidate : response.certificates) {
    if (!is_responder(response, *candidate) || ++tried > kMaxCandidates) {
      continue;
    }
    const SignatureCheck result = check(response, *candidate);
    if (result != SignatureCheck::Good) {
      worst.signer = result == SignatureCheck::Bad ? OcspSigner::Bad : worst.signer;
      continue;
    }
    if (candidate->fingerprint == issuer.fingerprint) {
      return {.signer = OcspSigner::Issuer, .delegate = nullptr};
    }
    const auto& usage = candidate->extended_key_usage;
    const bool may_sign = usage && usage->ocsp_signing &&
                          candidate->issuer.canonical == issuer.subject.canonical &&
                          check_signature(*candidate, issuer.public_key) == SignatureCheck::Good;
    return {.signer = may_sign ? OcspSigner::Delegate : OcspSigner::NotAuthorised,
            .delegate = candidate};
  }
  return worst;
}

Bytes make_ocsp_request(const Certificate& certificate, const Certificate& issuer) {
  Bytes algorithm;
  der::append(algorithm, der::kOid, kSha1.view());
  der::append(algorithm, der::kNull, {});
  Bytes id;
  der::append(id, der::kSequence, algorithm);
  der::append(id, der::kOctetString, hashed(HashAlgorithm::Sha1, certificate.issuer.der));
  der::append(id, der::kOctetString, hashed(HashAlgorithm::Sha1, issuer.public_key.bits_content));
  der::append(id, der::kInteger, certificate.serial);
  // OCSPRequest { TBSRequest { requestList { Request { CertID } } } }
  Bytes wrapped = id;
  for (int layer = 0; layer < 5; ++layer) {
    wrapped = der::wrapped(der::kSequence, wrapped);
  }
  return wrapped;
}

}  // namespace medic::x509
