#include "base/passthrough.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): posix_openpt() is POSIX, not C++
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "base/environment.h"
#include "base/error.h"
#include "base/spawn.h"

namespace medic {
namespace {

// How long output is still read after the program ended: a grandchild may hold it open.
constexpr std::chrono::milliseconds kLinger{300};
constexpr int kTickMs = 50;
constexpr std::array kPassedOn = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): all a signal handler can reach
std::atomic<pid_t> g_child{0};
std::atomic<bool> g_resized{false};
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)
static_assert(std::atomic<pid_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

// What the terminal sends (Ctrl-C) reaches the program by itself; what a process sends to us does
// not.
extern "C" void pass_on(int signal, siginfo_t* info, void* /*context*/) {
  const pid_t child = g_child.load();
  if (child > 0 && info != nullptr && info->si_code <= 0) {
    ::kill(child, signal);
  }
}

extern "C" void note_resize(int /*signal*/) {
  g_resized.store(true);
}

// Our handlers while the program runs, the old ones afterwards.
class Signals {
 public:
  Signals() {
    struct sigaction action = {};
    action.sa_sigaction = pass_on;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < kPassedOn.size(); ++i) {
      ::sigaction(kPassedOn[i], &action, &before_[i]);
    }
    struct sigaction resize = {};
    resize.sa_handler = note_resize;
    sigemptyset(&resize.sa_mask);
    ::sigaction(SIGWINCH, &resize, &resize_before_);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  Signals(Signals&&) = delete;
  Signals& operator=(Signals&&) = delete;
  ~Signals() {
    g_child.store(0);
    for (std::size_t i = 0; i < kPassedOn.size(); ++i) {
      ::sigaction(kPassedOn[i], &before_[i], nullptr);
    }
    ::sigaction(SIGWINCH, &resize_before_, nullptr);
  }

 private:
  std::array<struct sigaction, kPassedOn.size()> before_{};
  struct sigaction resize_before_ = {};
};

Error system_error(std::string_view what) {
  return {.kind = ErrorKind::Io,
          .what = fmt::format("{}: {}", what, std::generic_category().message(errno)),
          .matters = {},
          .next_step = {}};
}

// One output of the program: where we read it, and where it goes.
struct Channel {
  Descriptor ours;
  Descriptor theirs;
  int to = STDOUT_FILENO;
};

void copy_size(int from, int to) {
  winsize size{};
  if (::ioctl(from, TIOCGWINSZ, &size) == 0) {
    ::ioctl(to, TIOCSWINSZ, &size);
  }
}

// A terminal like the one behind `like`, whose output we pass on unchanged.
Result<Channel> make_terminal(int like) {
  Channel channel{
      .ours = Descriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)), .theirs = {}, .to = like};
  std::array<char, 128> name{};
  if (!channel.ours.open() || ::grantpt(channel.ours.number()) != 0 ||
      ::unlockpt(channel.ours.number()) != 0 ||
      ::ptsname_r(channel.ours.number(), name.data(), name.size()) != 0) {
    return std::unexpected(system_error("cannot make a terminal"));
  }
  channel.theirs = Descriptor(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  termios settings{};
  if (!channel.theirs.open() || ::tcgetattr(like, &settings) != 0) {
    return std::unexpected(system_error("cannot make a terminal"));
  }
  // The real terminal turns line ends; a second time would be once too often.
  settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);
  settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(channel.theirs.number(), TCSANOW, &settings);
  copy_size(like, channel.ours.number());
  return channel;
}

Result<Channel> make_channel(int to) {
  if (::isatty(to) != 0) {
    return make_terminal(to);
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return std::unexpected(system_error("cannot make a pipe"));
  }
  return Channel{.ours = Descriptor(ends[0]), .theirs = Descriptor(ends[1]), .to = to};
}

Result<pid_t> start(const std::vector<std::string>& argv, const Environment& environment, int out,
                    int err) {
  Spawn spawn;
  spawn.connect(out, STDOUT_FILENO);
  spawn.connect(err, STDERR_FILENO);
  spawn.default_signals({SIGPIPE});  // we ignore it; a program that inherits that never ends
  return spawn.start(argv, environment);
}

void write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(to, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return;  // nobody reads it any more
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

class Pump {
 public:
  Pump(std::span<Channel> channels, const std::function<void(std::string_view)>& heard)
      : channels_(channels), heard_(heard) {}

  // Until the program has ended and its outputs are empty. Its wait status.
  int run(pid_t child) {
    std::optional<int> status;
    auto last = std::chrono::steady_clock::now();
    while (true) {
      if (g_resized.exchange(false)) {
        resize();
      }
      const bool moved = step();
      const auto now = std::chrono::steady_clock::now();
      last = moved ? now : last;
      int found = 0;
      if (!status && ::waitpid(child, &found, WNOHANG) == child) {
        status = found;
        last = now;
      }
      if (status && (!any_open() || now - last > kLinger)) {
        return *status;
      }
      if (!status && !any_open()) {
        while (::waitpid(child, &found, 0) < 0 && errno == EINTR) {
        }
        return found;
      }
    }
  }

 private:
  // Moves what is there, or waits a little; whether anything came.
  bool step() {
    std::vector<pollfd> waiting;
    for (const Channel& channel : channels_) {
      waiting.push_back({.fd = channel.ours.number(), .events = POLLIN, .revents = 0});
    }
    ::poll(waiting.data(), waiting.size(), kTickMs);
    bool moved = false;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].fd >= 0 && waiting[i].revents != 0) {
        moved = move(channels_[i]) || moved;
      }
    }
    return moved;
  }

  bool move(Channel& channel) {
    const ssize_t got = ::read(channel.ours.number(), buffer_.data(), buffer_.size());
    if (got < 0 && errno == EINTR) {
      return false;
    }
    if (got <= 0) {  // EIO: the last holder of a terminal's other end is gone
      channel.ours.close();
      return false;
    }
    const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
    write_all(channel.to, bytes);
    heard_(bytes);
    return true;
  }

  void resize() {
    for (const Channel& channel : channels_) {
      if (channel.ours.open()) {
        copy_size(channel.to, channel.ours.number());
      }
    }
  }

  [[nodiscard]] bool any_open() const {
    for (const Channel& channel : channels_) {
      if (channel.ours.open()) {
        return true;
      }
    }
    return false;
  }

  std::span<Channel> channels_;
  const std::function<void(std::string_view)>& heard_;
  std::array<char, 32768> buffer_{};
};

}  // namespace

Result<PassthroughOutcome> run_in_our_place(const std::vector<std::string>& argv,
                                            const Environment& environment,
                                            const std::function<void(std::string_view)>& heard) {
  std::vector<Channel> channels;
  MEDIC_TRY(Channel out, make_channel(STDOUT_FILENO));
  channels.push_back(std::move(out));
  // Both on a terminal share one, so that what is printed keeps its order.
  const bool shared = ::isatty(STDOUT_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0;
  if (!shared) {
    MEDIC_TRY(Channel err, make_channel(STDERR_FILENO));
    channels.push_back(std::move(err));
  }
  const Signals signals;
  MEDIC_TRY(const pid_t child, start(argv, environment, channels.front().theirs.number(),
                                     channels.back().theirs.number()));
  g_child.store(child);
  for (Channel& channel : channels) {
    channel.theirs.close();
  }
  const int status = Pump(channels, heard).run(child);
  return PassthroughOutcome{.exit_status =
                                WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status)};
}

}  // namespace medic
