#pragma once

// The certificates that every lab server really sends, fetched once by a handshake that verifies
// nothing.

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace medic::verify {

struct LabChain {
  std::string fault;  // "expired-leaf", "expired-leaf.good"
  bool good = false;
  std::string host;
  std::vector<Bytes> sent;  // DER, leaf first
  std::string ca_pem;
  Time at{};
};

// Sites that speak TLS at once and without a proxy; one that sends no certificate is left out.
const std::vector<LabChain>& lab_chains();

}  // namespace medic::verify
