#pragma once

// A port of 127.0.0.1 that refuses connections for as long as this lives: bound, so that nobody
// else gets it, and not listening.

#include <cstdint>

#include "base/descriptor.h"
#include "base/error.h"

namespace medic::lab {

struct ClosedPort {
  Descriptor socket;
  std::uint16_t number = 0;
};

Result<ClosedPort> reserve_closed_port();

}  // namespace medic::lab
