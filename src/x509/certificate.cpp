#include "x509/certificate.h"

#include <fmt/core.h>

#include "x509/der.h"
#include "x509/digest.h"
#include "x509/parts.h"

namespace medic::x509 {
namespace {

void note(Certificate& certificate, std::string id, std::string detail) {
  certificate.anomalies.push_back({.id = std::move(id), .detail = std::move(detail), .oid = {}});
}

void read_version(der::Reader& tbs, Certificate& certificate) {
  if (!tbs.next_is(der::context_constructed(0))) {
    certificate.version = 1;
    return;
  }
  der::Reader field = tbs.inside(der::context_constructed(0));
  const ByteView value = field.integer();
  field.end();
  if (!field.ok()) {
    return;
  }
  if (value.size() != 1 || value[0] > 2) {
    note(certificate, "bad-version", fmt::format("the version field is 0x{}", hex(value.first(1))));
    certificate.version = 3;
    return;
  }
  certificate.version = value[0] + 1;
  if (value[0] == 0) {
    note(certificate, "explicit-default", "version 1 is written out");
  }
}

void read_serial(der::Reader& tbs, Certificate& certificate) {
  const ByteView serial = tbs.integer();
  if (!tbs.ok()) {
    return;
  }
  certificate.serial.assign(serial.begin(), serial.end());
  // RFC 5280 section 4.1.2.2: positive, at most 20 octets.
  if ((serial[0] & 0x80U) != 0) {
    note(certificate, "negative-serial", "the serial number is negative");
  } else if (der::bit_length(serial) == 0) {
    note(certificate, "zero-serial", "the serial number is zero");
  }
  if (serial.size() > 20) {
    note(certificate, "long-serial",
         fmt::format("the serial number has {} octets, 20 are allowed", serial.size()));
  }
}

Time read_validity_end(der::Reader& validity, Certificate& certificate, std::string_view field) {
  constexpr Time kUtcTimeEnds = std::chrono::sys_days{std::chrono::year{2050} / 1 / 1};
  const ReadTime read = read_time(validity);
  if (read.form == TimeForm::Other) {
    note(certificate, fmt::format("bad-{}", field),
         "a time of a form that RFC 5280 section 4.1.2.5 does not allow");
  } else if (read.form == TimeForm::Unreadable) {
    note(certificate, fmt::format("bad-{}", field), "not a time");
  } else if (read.generalized && read.time < kUtcTimeEnds) {
    note(certificate, "early-generalized-time",
         fmt::format("{} before 2050 is GeneralizedTime", field));
  }
  return read.time;
}

void read_unique_ids(der::Reader& tbs, Certificate& certificate) {
  for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}}) {
    if (!tbs.next_is(der::context(number))) {
      continue;
    }
    der::bit_string(tbs, der::context(number));
    if (tbs.ok() && certificate.version == 1) {
      note(certificate, "unique-id-in-v1", "a unique identifier in a version 1 certificate");
    }
  }
}

void read_extension_field(der::Reader& tbs, Certificate& certificate) {
  if (!tbs.next_is(der::context_constructed(3))) {
    return;
  }
  der::Reader field = tbs.inside(der::context_constructed(3));
  certificate.extensions = read_extensions(field);
  field.end();
  if (!field.ok()) {
    return;
  }
  if (certificate.extensions.empty()) {
    note(certificate, "empty-extensions", "the list of extensions is empty");
  }
  if (certificate.version != 3) {
    note(certificate, "extensions-in-old-version",
         fmt::format("extensions in a version {} certificate", certificate.version));
  }
}

void read_tbs(der::Reader& tbs, Certificate& certificate) {
  read_version(tbs, certificate);
  read_serial(tbs, certificate);
  const der::Element inner_algorithm = tbs.element(der::kSequence);
  certificate.issuer = read_name(tbs);
  der::Reader validity = tbs.inside(der::kSequence);
  certificate.not_before = read_validity_end(validity, certificate, "not-before");
  certificate.not_after = read_validity_end(validity, certificate, "not-after");
  validity.end();
  certificate.subject = read_name(tbs);
  certificate.public_key = read_public_key(tbs, certificate.anomalies);
  read_unique_ids(tbs, certificate);
  read_extension_field(tbs, certificate);
  tbs.end();
  certificate.signature_algorithms_agree = std::equal(
      inner_algorithm.whole.begin(), inner_algorithm.whole.end(),
      certificate.signature_algorithm.der.begin(), certificate.signature_algorithm.der.end());
  if (!certificate.signature_algorithms_agree) {
    der::Reader inner(inner_algorithm.whole, tbs.failure());
    read_signature_algorithm(inner);  // for its form only
  }
  if (certificate.issuer.empty()) {
    note(certificate, "empty-issuer", "the issuer's name is empty");
  }
}

// Steps into a constructed element whose end may lie beyond the bytes we have.
ByteView entered(ByteView bytes) {
  if (bytes.size() < 2 || bytes[0] != der::kSequence || bytes[1] == 0x80U) {
    return {};
  }
  const std::size_t length_octets = bytes[1] < 0x80U ? 0 : bytes[1] & 0x7FU;
  return length_octets > 4 || bytes.size() < 2 + length_octets ? ByteView{}
                                                               : bytes.subspan(2 + length_octets);
}

}  // namespace

std::optional<Bytes> peek_canonical_subject(ByteView beginning) {
  der::Failure failure;
  der::Reader fields(entered(entered(beginning)), failure);
  fields.optional(der::context_constructed(0));
  fields.element(der::kInteger);
  fields.element(der::kSequence);  // signature algorithm
  fields.element(der::kSequence);  // issuer
  fields.element(der::kSequence);  // validity
  Bytes subject = read_canonical_name(fields);
  if (failure.failed()) {
    return std::nullopt;
  }
  return subject;
}

Result<CertificatePtr> parse_certificate(ByteView der) {
  if (der.size() > kMaxCertificateBytes) {
    return fail(ErrorKind::Limit,
                fmt::format("a certificate of {} bytes: more than {} are not read", der.size(),
                            kMaxCertificateBytes));
  }
  auto certificate = std::make_shared<Certificate>();
  certificate->der.assign(der.begin(), der.end());
  const ByteView own = certificate->der;

  der::Failure failure;
  der::Reader reader(own, failure);
  der::Reader fields = reader.inside(der::kSequence);
  reader.end();
  const der::Element tbs = fields.element(der::kSequence);
  certificate->tbs = tbs.whole;
  certificate->signature_algorithm = read_signature_algorithm(fields);
  const der::BitString signature = der::bit_string(fields);
  certificate->signature = signature.octets;
  certificate->signature_unused_bits = signature.unused_bits;
  fields.end();
  der::Reader tbs_fields(tbs.content, failure);
  if (!failure.failed()) {
    read_tbs(tbs_fields, *certificate);
  }
  if (failure.failed()) {
    return std::unexpected(failure.error("not a certificate", own));
  }
  interpret_extensions(*certificate);
  certificate->fingerprint = sha256(own);
  return CertificatePtr(std::move(certificate));
}

}  // namespace medic::x509
