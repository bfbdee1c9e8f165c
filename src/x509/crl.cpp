#include "x509/crl.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "x509/der.h"
#include "x509/oid.h"
#include "x509/parts.h"
#include "x509/pem.h"

namespace medic::x509 {
namespace {

constexpr Oid kReasonCode = make_oid({2, 5, 29, 21});
constexpr Oid kInvalidityDate = make_oid({2, 5, 29, 24});
constexpr Oid kCertificateIssuer = make_oid({2, 5, 29, 29});
constexpr Oid kAuthorityKeyId = make_oid({2, 5, 29, 35});
constexpr Oid kCrlNumber = make_oid({2, 5, 29, 20});
constexpr Oid kDeltaIndicator = make_oid({2, 5, 29, 27});
constexpr Oid kIssuingPoint = make_oid({2, 5, 29, 28});

struct RawEntry {
  ByteView serial;
  ReadTime at;
  ByteView extensions;  // the SEQUENCE, or empty
};

RawEntry read_entry(der::Reader& list) {
  der::Reader fields = list.inside(der::kSequence);
  RawEntry entry;
  entry.serial = fields.integer();
  entry.at = read_time(fields);
  if (const auto extensions = fields.optional(der::kSequence)) {
    entry.extensions = extensions->whole;
  }
  fields.end();
  return entry;
}

void note_critical(std::vector<std::string>& oids, const std::string& oid) {
  if (std::find(oids.begin(), oids.end(), oid) == oids.end()) {
    oids.push_back(oid);
  }
}

// The form of every entry, and the critical extensions that make an entry something else than it
// seems.
void check_entries(der::Failure& failure, Crl& crl) {
  der::Reader list(crl.revoked, failure);
  while (list.ok() && !list.at_end()) {
    const RawEntry entry = read_entry(list);
    ++crl.revoked_count;
    if (entry.extensions.empty()) {
      continue;
    }
    der::Reader reader(entry.extensions, failure);
    for (const Extension& extension : read_extensions(reader)) {
      crl.indirect = crl.indirect || kCertificateIssuer == extension.oid_octets;
      const bool known = kReasonCode == extension.oid_octets ||
                         kInvalidityDate == extension.oid_octets ||
                         kCertificateIssuer == extension.oid_octets;
      if (extension.critical && !known) {
        note_critical(crl.unknown_critical, extension.oid);
      }
    }
  }
}

// IssuingDistributionPoint (RFC 5280 section 5.2.5): is [4] indirectCRL true?
bool is_indirect(der::Reader& value) {
  der::Reader fields = value.inside(der::kSequence);
  bool indirect = false;
  while (fields.ok() && !fields.at_end()) {
    const der::Element field = fields.element();
    if (field.tag == der::context(4)) {
      indirect = !field.content.empty() && field.content[0] != 0;
    }
  }
  return indirect;
}

Bytes key_id_of(der::Reader& value) {
  der::Reader fields = value.inside(der::kSequence);
  const auto key_id = fields.optional(der::context(0));
  return key_id ? Bytes(key_id->content.begin(), key_id->content.end()) : Bytes{};
}

void interpret(Crl& crl) {
  for (const Extension& extension : crl.extensions) {
    der::Failure failure;
    der::Reader value(extension.value, failure);
    if (kAuthorityKeyId == extension.oid_octets) {
      crl.authority_key_id = key_id_of(value);
    } else if (kDeltaIndicator == extension.oid_octets) {
      crl.delta = true;
    } else if (kIssuingPoint == extension.oid_octets) {
      crl.indirect = is_indirect(value) || crl.indirect;
    } else if (extension.critical && !(kCrlNumber == extension.oid_octets)) {
      note_critical(crl.unknown_critical, extension.oid);
    }
    if (failure.failed()) {
      crl.anomalies.push_back(
          {.id = "bad-extension",
           .detail = failure.error("extension " + extension.oid, extension.value).what,
           .oid = extension.oid});
    }
  }
}

Time read_update(der::Reader& tbs, Crl& crl, std::string_view id) {
  const ReadTime read = read_time(tbs);
  if (read.form != TimeForm::Standard) {
    crl.anomalies.push_back(
        {.id = std::string(id), .detail = "a time of a form that no verifier takes", .oid = {}});
  }
  return read.time;
}

void read_tbs(der::Reader& tbs, Crl& crl) {
  if (tbs.next_is(der::kInteger)) {
    tbs.integer();  // version
  }
  const der::Element algorithm = tbs.element(der::kSequence);
  crl.issuer = read_name(tbs);
  crl.this_update = read_update(tbs, crl, "bad-this-update");
  if (tbs.next_is(der::kUtcTime) || tbs.next_is(der::kGeneralizedTime)) {
    crl.next_update = read_update(tbs, crl, "bad-next-update");
  }
  if (const auto revoked = tbs.optional(der::kSequence)) {
    crl.revoked = revoked->content;
  }
  if (tbs.next_is(der::context_constructed(0))) {
    der::Reader field = tbs.inside(der::context_constructed(0));
    crl.extensions = read_extensions(field);
    field.end();
  }
  tbs.end();
  crl.signature_algorithms_agree =
      std::equal(algorithm.whole.begin(), algorithm.whole.end(),
                 crl.signature_algorithm.der.begin(), crl.signature_algorithm.der.end());
}

}  // namespace

std::string revocation_reason(std::uint32_t code) {
  static constexpr auto kReasons = std::to_array<std::string_view>(
      {"unspecified", "keyCompromise", "cACompromise", "affiliationChanged", "superseded",
       "cessationOfOperation", "certificateHold", "", "removeFromCRL", "privilegeWithdrawn",
       "aACompromise"});
  return code < kReasons.size() && !kReasons[code].empty() ? std::string(kReasons[code])
                                                           : fmt::format("reason {}", code);
}

std::optional<RevokedEntry> Crl::find(ByteView serial) const {
  der::Failure failure;
  der::Reader list(revoked, failure);
  while (list.ok() && !list.at_end()) {
    const RawEntry entry = read_entry(list);
    if (!list.ok() ||
        !std::equal(entry.serial.begin(), entry.serial.end(), serial.begin(), serial.end())) {
      continue;
    }
    RevokedEntry found{.at = entry.at.time, .reason = {}};
    if (!entry.extensions.empty()) {
      der::Reader reader(entry.extensions, failure);
      for (const Extension& extension : read_extensions(reader)) {
        if (kReasonCode == extension.oid_octets) {
          der::Failure ignored;
          der::Reader value(extension.value, ignored);
          const std::uint32_t code = value.small_integer(der::kEnumerated);
          found.reason = ignored.failed() ? std::string{} : revocation_reason(code);
        }
      }
    }
    return found;
  }
  return std::nullopt;
}

Result<CrlPtr> parse_crl(ByteView der) {
  if (der.size() > kMaxCrlBytes) {
    return fail(ErrorKind::Limit, fmt::format("a revocation list of {} bytes: more than {} are "
                                              "not read",
                                              der.size(), kMaxCrlBytes));
  }
  auto crl = std::make_shared<Crl>();
  crl->der.assign(der.begin(), der.end());
  const ByteView own = crl->der;
  der::Failure failure;
  der::Reader reader(own, failure);
  der::Reader fields = reader.inside(der::kSequence);
  reader.end();
  const der::Element tbs = fields.element(der::kSequence);
  crl->tbs = tbs.whole;
  crl->signature_algorithm = read_signature_algorithm(fields);
  const der::BitString signature = der::bit_string(fields);
  crl->signature = signature.octets;
  crl->signature_unused_bits = signature.unused_bits;
  fields.end();
  if (!failure.failed()) {
    der::Reader tbs_fields(tbs.content, failure);
    read_tbs(tbs_fields, *crl);
    check_entries(failure, *crl);
  }
  if (failure.failed()) {
    return std::unexpected(failure.error("not a revocation list", own));
  }
  interpret(*crl);
  return CrlPtr(std::move(crl));
}

Result<std::vector<CrlPtr>> read_crls(ByteView bytes) {
  std::vector<CrlPtr> crls;
  if (!bytes.empty() && bytes[0] == der::kSequence) {
    MEDIC_TRY(CrlPtr crl, parse_crl(bytes));
    crls.push_back(std::move(crl));
    return crls;
  }
  const std::string_view text = as_text(bytes);
  PemScanner scanner(text);
  while (const auto block = scanner.next()) {
    if (block->label != "X509 CRL") {
      continue;
    }
    const std::string place = fmt::format("line {}", line_of(text, block->offset));
    if (!block->ended) {
      return fail(ErrorKind::Data, place + ": the block 'X509 CRL' has no END line");
    }
    Result<Bytes> der = decode_pem_body(block->body);
    if (!der) {
      return std::unexpected(std::move(der).error().within(place));
    }
    Result<CrlPtr> crl = parse_crl(*der);
    if (!crl) {
      return std::unexpected(std::move(crl).error().within(place));
    }
    crls.push_back(*std::move(crl));
  }
  if (crls.empty()) {
    return fail(ErrorKind::Data,
                fmt::format("no revocation list in it: '{}'", escaped(text.substr(0, 32), 32)));
  }
  return crls;
}

SignatureCheck check_signature(const Crl& crl, const VerifyingKey& issuer_key) {
  if (!crl.signature_algorithms_agree || crl.signature_unused_bits != 0) {
    return SignatureCheck::Bad;
  }
  return issuer_key.check(crl.signature_algorithm, crl.tbs, crl.signature);
}

}  // namespace medic::x509
