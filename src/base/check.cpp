#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace medic {
namespace {

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
// libFuzzer keeps the input only of a process that a signal ended.
[[noreturn]] void end_process() {
  __builtin_trap();
}
#else
[[noreturn]] void end_process() {
  std::_Exit(70);
}
#endif

}  // namespace

void check_failed(const char* condition, const char* file, int line) noexcept {
  static_cast<void>(std::fprintf(stderr, "tlsmedic: internal error, please report: %s:%d: %s\n",
                                 file, line, condition));
  end_process();
}

}  // namespace medic
