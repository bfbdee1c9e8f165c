#include "lab/server_host.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <system_error>
#include <utility>

namespace medic::lab {
namespace {

// More than any test opens at once; a flood must not exhaust the process's threads.
constexpr std::size_t kMaxWorkers = 256;

std::string error_text(int code) {
  return std::generic_category().message(code);
}

void set_flags(int fd) {
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  fcntl(fd, F_SETFL, O_NONBLOCK);
}

sockaddr_in socket_address(const std::string& address, std::uint16_t port) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  inet_pton(AF_INET, address.c_str(), &in.sin_addr);
  return in;
}

// Signals belong to the program's main thread; SIGPIPE, which OpenSSL's write() may raise, must not
// end it.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

void small_writes_at_once(int fd) {
  const int on = 1;
  static_cast<void>(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
}

}  // namespace

ServerHost::~ServerHost() {
  if (stop_write_ >= 0) {
    const char byte = 0;
    static_cast<void>(write(stop_write_, &byte, 1));
  }
  if (acceptor_.joinable()) {
    acceptor_.join();
  }
  for (Worker& worker : workers_) {
    worker.thread.join();
  }
  for (const Listener& listener : listeners_) {
    close(listener.fd);
  }
  for (const int fd : {stop_read_, stop_write_}) {
    if (fd >= 0) {
      close(fd);
    }
  }
}

Result<void> ServerHost::open_stop_pipe() {
  int fds[2] = {-1, -1};
  if (pipe(fds) != 0) {
    return fail(ErrorKind::Io, fmt::format("no pipe for the lab: {}", error_text(errno)));
  }
  stop_read_ = fds[0];
  stop_write_ = fds[1];
  set_flags(stop_read_);
  set_flags(stop_write_);
  return {};
}

Result<std::uint16_t> ServerHost::listen(const std::string& address, std::uint16_t port,
                                         Script script) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) {
    return fail(ErrorKind::Io, fmt::format("no socket for the lab: {}", error_text(errno)),
                "the lab opens about 200 sockets", "ulimit -n 1024");
  }
  set_flags(fd);
  sockaddr_in in = socket_address(address, port);
  socklen_t size = sizeof in;
  auto* generic = reinterpret_cast<sockaddr*>(&in);  // the sockets API asks for this cast
  if (bind(fd, generic, size) != 0 || ::listen(fd, SOMAXCONN) != 0 ||
      getsockname(fd, generic, &size) != 0) {
    const int code = errno;
    close(fd);
    return fail(ErrorKind::Io,
                fmt::format("cannot listen on {}:{}: {}", address, port, error_text(code)));
  }
  Listener& listener = listeners_.emplace_back();
  listener.fd = fd;
  listener.script = std::move(script);
  listener.port = ntohs(in.sin_port);
  return listener.port;
}

Result<std::uint16_t> ServerHost::listen_on_all(
    const std::vector<std::pair<std::string, Script>>& addresses) {
  // The port that is free on the first address may be taken on the next one: then another is tried.
  constexpr int kAttempts = 20;
  Error last;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const std::size_t before = listeners_.size();
    std::uint16_t port = 0;
    bool all = true;
    for (const auto& [address, script] : addresses) {
      auto opened = listen(address, port, script);
      if (!opened) {
        last = std::move(opened).error();
        all = false;
        break;
      }
      port = *opened;
    }
    if (all) {
      return port;
    }
    while (listeners_.size() > before) {
      close(listeners_.back().fd);
      listeners_.pop_back();
    }
  }
  return std::unexpected(std::move(last));
}

Result<void> ServerHost::start() {
  auto opened = open_stop_pipe();
  if (!opened) {
    return opened;
  }
  acceptor_ = std::thread([this] { accept_loop(); });
  return {};
}

void ServerHost::accept_loop() {
  block_signals();
  std::vector<pollfd> fds{{.fd = stop_read_, .events = POLLIN, .revents = 0}};
  for (const Listener& listener : listeners_) {
    fds.push_back({.fd = listener.fd, .events = POLLIN, .revents = 0});
  }
  while (true) {
    const int ready = poll(fds.data(), fds.size(), -1);
    if (ready < 0 && errno != EINTR) {
      return;
    }
    if (fds[0].revents != 0) {
      return;
    }
    reap();
    for (std::size_t i = 1; ready > 0 && i < fds.size(); ++i) {
      if (fds[i].revents != 0) {
        accept_one(listeners_[i - 1]);
      }
    }
  }
}

void ServerHost::accept_one(Listener& listener) {
  const int fd = accept(listener.fd, nullptr, nullptr);
  if (fd < 0) {
    return;
  }
  if (workers_.size() >= kMaxWorkers) {
    close(fd);
    return;
  }
  set_flags(fd);
  small_writes_at_once(fd);
  const std::size_t ordinal = listener.accepted++;
  Worker& worker = workers_.emplace_back();
  worker.thread = std::thread([this, fd, ordinal, &worker, &script = listener.script] {
    block_signals();
    {
      Connection connection(fd, stop_read_, ordinal);
      script(connection);
    }
    worker.done = true;
  });
}

std::size_t ServerHost::accepted(std::uint16_t port) const {
  std::size_t sum = 0;
  for (const Listener& listener : listeners_) {
    sum += listener.port == port ? listener.accepted.load() : 0;
  }
  return sum;
}

void ServerHost::reap() {
  workers_.remove_if([](Worker& worker) {
    if (!worker.done) {
      return false;
    }
    worker.thread.join();
    return true;
  });
}

std::unique_ptr<Connection> ServerHost::dial(const std::string& address, std::uint16_t port) const {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) {
    return nullptr;
  }
  const sockaddr_in in = socket_address(address, port);
  // Blocking connect: the peer is on loopback, where it succeeds or is refused at once.
  if (connect(fd, reinterpret_cast<const sockaddr*>(&in), sizeof in) != 0) {
    close(fd);
    return nullptr;
  }
  set_flags(fd);
  small_writes_at_once(fd);
  return std::make_unique<Connection>(fd, stop_read_, 0);
}

}  // namespace medic::lab
