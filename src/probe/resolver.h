#pragma once

// The system's own resolver (hosts file, NSS modules, search list: all that the machine's owner
// configured), asked so that nobody has to wait for it: the call cannot be interrupted, so it runs
// on a thread that is left behind when the person stops or the time is up. See docs/adr/.

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "evidence/world.h"

namespace medic::probe {

// May block. Runs on a thread of its own, perhaps after its caller is gone: it must own, or never
// lose, what it uses.
using Lookup = std::function<evidence::Resolution(const std::string&, evidence::AddressFamily)>;

// getaddrinfo().
evidence::Resolution system_lookup(const std::string& host, evidence::AddressFamily family);

// glibc's own patience is 10 s a name server (resolv.conf(5): timeout 5 s, 2 attempts), of which
// there may be three.
inline constexpr std::chrono::seconds kResolverPatience{35};

struct LookupLimits {
  std::chrono::milliseconds patience = kResolverPatience;
  const std::atomic<bool>* stop = nullptr;  // set: returns within 50 ms
};
// What was not answered has words in `error`.
evidence::Resolution resolve_with(const Lookup& lookup, const std::string& host,
                                  evidence::AddressFamily family, const LookupLimits& limits);

}  // namespace medic::probe
