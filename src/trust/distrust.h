#pragma once

// Roots that root programmes removed, or whose newer certificates they no longer take: facts with
// their sources from data/distrust/. Nothing here makes anything trusted.

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "x509/certificate.h"

namespace medic::trust {

struct DistrustedRoot {
  x509::CertificatePtr certificate;
  std::string owner;       // "Entrust and AffirmTrust"
  std::string programmes;  // who decided: "Mozilla, Chrome"
  std::string since;       // a date, and words where only a bound is known
  // Certificates issued before are taken until they expire; none: no certificate is.
  std::optional<Time> issued_after;
};

// Those with this subject. Costs one search; the data is read only when there are some.
std::vector<DistrustedRoot> distrusted_roots(const Bytes& canonical_subject);
// Every one, with the problems of the data: for tests.
Result<std::vector<DistrustedRoot>> all_distrusted_roots();

}  // namespace medic::trust
