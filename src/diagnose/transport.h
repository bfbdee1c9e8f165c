#pragma once

// What a client of a given profile would get from the handshake itself, judged from what was
// observed. Certificates are not looked at here.

#include <optional>

#include "diagnose/bench.h"

namespace medic::diagnose {

// The handshakes observed for one endpoint with the target's own name, by what they offered.
struct Observed {
  const evidence::Handshake* main = nullptr;          // mainstream offer, 1.2-1.3
  const evidence::Handshake* post_quantum = nullptr;  // the same with a large hello
  const evidence::Handshake* tls12 = nullptr;         // the same, 1.2 at most
  const evidence::Handshake* everything = nullptr;    // every version and cipher, for looking
};

struct Transport {
  // The handshake whose certificates this client would see; null: untested.
  const evidence::Handshake* handshake = nullptr;
  std::optional<verify::Fault> fault;  // the handshake would not finish for this client
};

Transport judge_transport(const profiles::Profile& profile, const Observed& seen);

// The fault a handshake's outcome amounts to; none when it completed.
std::optional<verify::Fault> outcome_fault(const evidence::Handshake& handshake);

}  // namespace medic::diagnose
