#include "base/subprocess.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "base/bytes.h"
#include "base/descriptor.h"
#include "base/spawn.h"

namespace medic {
namespace {

using SteadyClock = std::chrono::steady_clock;

// How long a process may take to end after SIGTERM before SIGKILL.
constexpr std::chrono::milliseconds kGrace{500};
// How long output is still read after the program itself ended: a grandchild may hold the pipe
// open.
constexpr std::chrono::milliseconds kLinger{200};
constexpr std::chrono::milliseconds kTick{100};

std::string reason(int error) {
  return std::generic_category().message(error);
}

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(ErrorKind::Io, fmt::format("cannot make a pipe: {}", reason(errno)));
  }
  return Pipe{.read = Descriptor(ends[0]), .write = Descriptor(ends[1])};
}

class Child {
 public:
  static Result<Child> start(const ProcessRequest& request);

  ProcessOutcome finish(const ProcessRequest& request);

 private:
  void write_input();
  void read_output(Descriptor& from, std::string& into, std::size_t limit);
  void exchange(std::size_t limit);
  void reap();
  void end(int signal) const { ::kill(-pid_, signal); }

  pid_t pid_ = -1;
  bool ended_ = false;
  int status_ = 0;
  Descriptor in_;
  Descriptor out_;
  Descriptor err_;
  std::string_view input_;
  ProcessOutcome outcome_;
};

Result<Child> Child::start(const ProcessRequest& request) {
  if (request.argv.empty()) {
    return fail(ErrorKind::Bug, "no program to run");
  }
  MEDIC_TRY(Pipe in, make_pipe());
  MEDIC_TRY(Pipe out, make_pipe());
  MEDIC_TRY(Pipe err, make_pipe());
  Spawn spawn;
  spawn.connect(in.read.number(), STDIN_FILENO);
  spawn.connect(out.write.number(), STDOUT_FILENO);
  spawn.connect(err.write.number(), STDERR_FILENO);
  if (!request.directory.empty()) {
    spawn.run_in(request.directory);
  }
  spawn.default_signals({SIGPIPE, SIGINT, SIGTERM, SIGQUIT});
  spawn.unblock_all_signals();
  spawn.own_group();
  Child child;
  MEDIC_TRY(child.pid_, spawn.start(request.argv, request.environment ? *request.environment
                                                                      : process_environment()));
  child.in_ = std::move(in.write);
  child.out_ = std::move(out.read);
  child.err_ = std::move(err.read);
  for (const Descriptor* end : {&child.in_, &child.out_, &child.err_}) {
    static_cast<void>(::fcntl(end->number(), F_SETFL, O_NONBLOCK));
  }
  child.input_ = request.input;
  if (child.input_.empty()) {
    child.in_.close();
  }
  return child;
}

// write() to a pipe whose reader has gone, without the signal that would end this process: whether
// SIGPIPE is ignored is the program's decision, not ours.
ssize_t quiet_write(int pipe, std::string_view bytes) {
  sigset_t broken_pipe;
  sigset_t before;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
  const ssize_t n = ::write(pipe, bytes.data(), bytes.size());
  const int error = errno;
  if (n < 0 && error == EPIPE) {
    const timespec at_once{};
    ::sigtimedwait(&broken_pipe, nullptr, &at_once);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return n;
}

void Child::write_input() {
  const ssize_t n = quiet_write(in_.number(), input_);
  if (n > 0) {
    input_.remove_prefix(static_cast<std::size_t>(n));
  }
  const bool refused = n < 0 && errno != EAGAIN && errno != EINTR;
  if (input_.empty() || refused) {
    in_.close();
  }
}

void Child::read_output(Descriptor& from, std::string& into, std::size_t limit) {
  std::array<char, 16384> buffer{};
  const ssize_t n = ::read(from.number(), buffer.data(), buffer.size());
  if (n > 0) {
    const std::size_t room = limit - std::min(limit, into.size());
    into.append(buffer.data(), std::min(room, static_cast<std::size_t>(n)));
    outcome_.output_cut = outcome_.output_cut || static_cast<std::size_t>(n) > room;
  } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
    from.close();
  }
}

void Child::exchange(std::size_t limit) {
  std::array<pollfd, 3> wanted = {{{.fd = in_.number(), .events = POLLOUT, .revents = 0},
                                   {.fd = out_.number(), .events = POLLIN, .revents = 0},
                                   {.fd = err_.number(), .events = POLLIN, .revents = 0}}};
  // A process may end while a pipe stays silent, so poll never waits longer than a tick.
  const bool all_closed = !out_.open() && !err_.open();
  const auto tick = all_closed ? std::chrono::milliseconds(5) : kTick;
  if (::poll(wanted.data(), wanted.size(), static_cast<int>(tick.count())) <= 0) {
    return;
  }
  if (in_.open() && wanted[0].revents != 0) {
    write_input();
  }
  if (out_.open() && wanted[1].revents != 0) {
    read_output(out_, outcome_.out, limit);
  }
  if (err_.open() && wanted[2].revents != 0) {
    read_output(err_, outcome_.err, limit);
  }
}

void Child::reap() {
  if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) {
    ended_ = true;
  }
}

ProcessOutcome Child::finish(const ProcessRequest& request) {
  const auto started = SteadyClock::now();
  std::optional<SteadyClock::time_point> asked_to_end;
  std::optional<SteadyClock::time_point> ended_at;
  for (;;) {
    exchange(request.max_output_bytes);
    reap();
    const auto now = SteadyClock::now();
    if (ended_) {
      ended_at = ended_at.value_or(now);
      if ((!out_.open() && !err_.open()) || now - *ended_at > kLinger) {
        break;
      }
      continue;
    }
    if (asked_to_end) {
      if (now - *asked_to_end > kGrace) {
        end(SIGKILL);
      }
      continue;
    }
    outcome_.timed_out = now - started > request.deadline;
    outcome_.cancelled = !outcome_.timed_out && request.cancelled && request.cancelled();
    if (outcome_.timed_out || outcome_.cancelled) {
      asked_to_end = now;
      end(SIGTERM);
    }
  }
  end(SIGKILL);  // grandchildren that outlived it; without any this is a harmless ESRCH
  outcome_.signal = WIFSIGNALED(status_) ? WTERMSIG(status_) : 0;
  outcome_.exit_status = WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
  outcome_.took =
      std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - started);
  return std::move(outcome_);
}

}  // namespace

Result<ProcessOutcome> run_process(const ProcessRequest& request) {
  MEDIC_TRY(Child child, Child::start(request));
  return child.finish(request);
}

std::optional<std::filesystem::path> find_program(std::string_view program,
                                                  std::string_view path_variable) {
  const auto runnable = [](const std::filesystem::path& path) {
    std::error_code absent;
    return std::filesystem::is_regular_file(path, absent) && ::access(path.c_str(), X_OK) == 0;
  };
  if (program.find('/') != std::string_view::npos) {
    const std::filesystem::path path(program);
    return runnable(path) ? std::optional(path) : std::nullopt;
  }
  while (!path_variable.empty()) {
    const std::size_t colon = path_variable.find(':');
    const std::string_view directory = path_variable.substr(0, colon);
    // POSIX: an empty entry is the current directory.
    std::filesystem::path path =
        std::filesystem::path(directory.empty() ? "." : directory) / program;
    if (runnable(path)) {
      return path;
    }
    path_variable =
        colon == std::string_view::npos ? std::string_view() : path_variable.substr(colon + 1);
  }
  return std::nullopt;
}

}  // namespace medic
