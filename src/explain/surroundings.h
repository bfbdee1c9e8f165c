#pragma once

// What stands around a failure: the host it was about, the operating system, whose log it is.

#include <cstddef>
#include <string>
#include <string_view>

#include "explain/squeezed.h"

namespace medic::explain {

struct HostSeen {
  std::string host;
  std::string port;  // empty: not said
};

// The host named nearest to [begin, end) in the ways clients name hosts: URLs, host='...', "connect
// to host:443", -servername. Looks `reach` characters back and ahead; what stands before counts as
// nearer. Empty: none.
HostSeen host_near(const Squeezed& text, std::size_t begin, std::size_t end, std::size_t reach);

// "windows", "macos", "linux" by paths and words that only occur there; "" when nothing tells.
std::string_view system_of(std::string_view squeezed_text);

}  // namespace medic::explain
