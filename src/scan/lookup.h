#pragma once

// Names asked for on a loop: c-ares, as the machine's resolv.conf and hosts file say. For one
// thread.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "evidence/world.h"

namespace medic::scan {

struct LookedUp {
  std::vector<std::string> addresses;  // numeric, in the order to be tried
  std::string error;                   // empty: it worked
};
using LookupDone = std::function<void(LookedUp)>;

class Lookup {
 public:
  // Descriptors are watched by the epoll instance `epoll`, under `tag` | descriptor.
  static Result<std::unique_ptr<Lookup>> open(int epoll, std::uint64_t tag,
                                              std::chrono::milliseconds deadline);
  virtual ~Lookup() = default;
  // `done` is called once, perhaps before this returns.
  virtual void ask(const std::string& host, evidence::AddressFamily family, LookupDone done) = 0;
  virtual void ready(int descriptor, bool readable, bool writable) = 0;
  // What waits too long is asked again or given up.
  virtual void tick() = 0;
};

}  // namespace medic::scan
