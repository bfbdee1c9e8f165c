#pragma once

// Chains to order by number: the same seed gives the same shape (keys and signatures are fresh in
// each process). Starts from a chain that every client accepts and breaks up to three things.

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace medic::verify {

struct GeneratedChain {
  std::vector<Bytes> sent;   // DER, leaf first, as the server would send it
  std::vector<Bytes> store;  // DER: the trust anchors
  std::string name;          // host asked for
  Time at{};
  std::string recipe;  // what was done, for messages: "expired(1) no-aki(2)"
};

GeneratedChain generated_chain(std::uint64_t seed);

}  // namespace medic::verify
