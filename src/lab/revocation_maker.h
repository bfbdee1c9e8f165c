#pragma once

// What says that a certificate was withdrawn: CRLs (RFC 5280 section 5) and OCSP responses (RFC
// 6960), signed by the issuer itself.

#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "lab/certificate_maker.h"

namespace medic::lab {

struct CrlRecipe {
  std::vector<Bytes> revoked;  // serials, content octets
  Time revoked_at;
  Time this_update;
  Time next_update;
  std::vector<RawExtension> extra{};  // behind the others
};
Bytes make_crl(const Identity& issuer, const CrlRecipe& recipe);  // DER

enum class OcspStatus { Good, Revoked, Unknown };
struct OcspRecipe {
  OcspStatus status = OcspStatus::Good;
  Time revoked_at;
  Time produced_at;
  Time this_update;
  Time next_update;
};
// The answer for `certificate`, made by its issuer. DER OCSPResponse.
Bytes make_ocsp_response(const Identity& issuer, const Identity& certificate,
                         const OcspRecipe& recipe);

}  // namespace medic::lab
