#include "cli/signals.h"

#include <csignal>

namespace medic::cli {
namespace {

// A signal handler can reach nothing but a global; lock-free, so it is safe there.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): above
std::atomic<bool> g_stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void ask_to_stop(int /*signal*/) {
  g_stop.store(true);
}

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  struct sigaction once = {};
  once.sa_handler = ask_to_stop;
  once.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one gets the default: the end
  sigemptyset(&once.sa_mask);
  ::sigaction(SIGINT, &once, nullptr);
  ::sigaction(SIGTERM, &once, nullptr);
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigemptyset(&ignore.sa_mask);
  ::sigaction(SIGPIPE, &ignore, nullptr);
  return g_stop;
}

}  // namespace medic::cli
