#pragma once

// Parts that certificates, CRLs and OCSP responses share. Internal to x509/: the readers report
// into one der::Failure, and a part that failed is empty.

#include <vector>

#include "x509/certificate.h"
#include "x509/der.h"
#include "x509/name.h"

namespace medic::x509 {

// A Name (the SEQUENCE). Fails where OpenSSL's d2i_X509_NAME does: a string type that is not
// allowed there, or text that is not what its type says.
Name read_name(der::Reader& reader);
// The same name's Name::canonical alone, and quicker: for indexing stores.
Bytes read_canonical_name(der::Reader& reader);

// How a time was written.
enum class TimeForm {
  Standard,    // RFC 5280 section 4.1.2.5: YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ
  Other,       // readable, but without seconds, with a fraction or with an offset
  Unreadable,  // not a time; `time` is the epoch
};
struct ReadTime {
  Time time;
  TimeForm form = TimeForm::Standard;
  bool generalized = false;
};
// UTCTime or GeneralizedTime. Fails only on another tag: OpenSSL reads a certificate whose times
// are nonsense, and says so when it compares them.
ReadTime read_time(der::Reader& reader);
// The text of one, its tag known.
ReadTime time_from(std::uint8_t tag, ByteView text);

HashAlgorithm hash_algorithm(ByteView oid);
SignatureAlgorithm read_signature_algorithm(der::Reader& reader);
PublicKey read_public_key(der::Reader& reader, std::vector<Anomaly>& anomalies);

// [tag] IMPLICIT or plain GeneralNames: `reader` stands inside the SEQUENCE.
void read_general_names(der::Reader& reader, GeneralNames& names);
void read_general_name(der::Reader& reader, GeneralNames& names);

// CRLReason (RFC 5280 section 5.3.1) by name.
std::string revocation_reason(std::uint32_t code);

// SEQUENCE OF Extension; `reader` stands before the SEQUENCE.
std::vector<Extension> read_extensions(der::Reader& reader);
// Fills what we know of `certificate.extensions` in; what is broken becomes an anomaly.
void interpret_extensions(Certificate& certificate);

}  // namespace medic::x509
