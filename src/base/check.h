#pragma once

// MEDIC_CHECK(condition): our own invariants only, never reachable from input. On in release:
// prints the place and ends the process with status 70, because a wrong diagnosis is worse than
// none.

namespace medic {

[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace medic

#define MEDIC_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::medic::check_failed(#condition, __FILE__, __LINE__))
