#pragma once

// The certificates of a PKCS#7 / CMS SignedData (RFC 5652 section 5.1); signatures in it are not
// looked at.

#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace medic::x509 {

// Does it begin as ContentInfo with signedData?
bool is_pkcs7(ByteView bytes);
// DER of each, in order. BER with indefinite lengths, which some CAs serve, is read by OpenSSL.
Result<std::vector<Bytes>> pkcs7_certificates(ByteView bytes);

}  // namespace medic::x509
