#pragma once

// What a scan saw of one place: facts of every address asked. Judged elsewhere (judge.h).

#include <chrono>
#include <string>
#include <vector>

#include "evidence/handshake.h"
#include "target/place.h"
#include "x509/certificate.h"

namespace medic::scan {

using target::Place;

struct Seen {
  evidence::Handshake handshake;
  std::vector<x509::CertificatePtr> chain;  // as far as it can be read; `handshake` has the bytes
  bool by_libssl = false;                   // the fast client left it to libssl, or was not asked
  // Completed means: authenticated, or with depth `cert` that certificates were shown. Only libssl
  // finishes a handshake.
  bool finished = false;
  unsigned attempts = 1;
};

struct Visit {
  Place place;
  std::vector<std::string> addresses;  // of the lookup; those left out by --addresses too
  std::string lookup_error;            // empty: it worked, or none was needed
  std::chrono::microseconds lookup{};
  std::vector<Seen> seen;
};

}  // namespace medic::scan
