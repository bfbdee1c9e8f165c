#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace medic {

void check_failed(const char* condition, const char* file, int line) noexcept {
  static_cast<void>(std::fprintf(stderr, "tlsmedic: internal error, please report: %s:%d: %s\n",
                                 file, line, condition));
  std::_Exit(70);
}

}  // namespace medic
