#include "lab/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

namespace medic::lab {
namespace {

using std::chrono::milliseconds;

// RFC 8446 section 5.1: type, legacy version, length.
constexpr std::size_t kRecordHeader = 5;
constexpr std::uint8_t kHandshakeRecord = 22;

std::size_t record_size(std::string_view header) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(header[i]); };
  if (header.size() < kRecordHeader || octet(0) != kHandshakeRecord) {
    return 0;
  }
  return octet(3) * std::size_t{256} + octet(4);
}

bool would_block() {
  return errno == EAGAIN || errno == EINTR;
}

}  // namespace

Connection::Connection(int fd, int stop_fd, std::size_t ordinal)
    : fd_(fd),
      stop_fd_(stop_fd),
      ordinal_(ordinal),
      deadline_(std::chrono::steady_clock::now() + kConnectionLimit) {}

Connection::~Connection() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

Connection::Ready Connection::wait(short events, milliseconds limit) {
  const auto until = std::min(deadline_, std::chrono::steady_clock::now() + limit);
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return Ready::No;
    }
    std::array<pollfd, 2> fds = {{{.fd = stop_fd_, .events = POLLIN, .revents = 0},
                                  {.fd = fd_, .events = events, .revents = 0}}};
    // A negative descriptor is skipped by poll: pause() waits for nothing but time and stop.
    if (events == 0) {
      fds[1].fd = -1;
    }
    const int ready = poll(fds.data(), fds.size(), static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    if (ready <= 0 || fds[0].revents != 0) {
      return Ready::No;
    }
    return Ready::Yes;
  }
}

bool Connection::wait_readable(milliseconds limit) {
  return wait(POLLIN, limit) == Ready::Yes;
}
bool Connection::wait_writable() {
  return wait(POLLOUT, kConnectionLimit) == Ready::Yes;
}

bool Connection::pause(milliseconds duration) {
  const auto until = std::chrono::steady_clock::now() + duration;
  wait(0, duration);
  return std::chrono::steady_clock::now() >= until;
}

std::string Connection::read_some(std::size_t most) {
  std::string bytes(most, '\0');
  while (wait_readable()) {
    const ssize_t n = recv(fd_, bytes.data(), bytes.size(), 0);
    if (n < 0 && would_block()) {
      continue;
    }
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
  }
  return {};
}

std::string Connection::read_exactly(std::size_t size) {
  std::string all;
  while (all.size() < size) {
    const std::string more = read_some(size - all.size());
    if (more.empty()) {
      break;
    }
    all += more;
  }
  return all;
}

std::string Connection::peek(std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t seen = 0;
  while (wait_readable()) {
    const ssize_t n = recv(fd_, bytes.data(), bytes.size(), MSG_PEEK);
    if (n < 0 && would_block()) {
      continue;
    }
    const bool more = n > 0 && static_cast<std::size_t>(n) > seen;
    seen = n > 0 ? static_cast<std::size_t>(n) : seen;
    if (n <= 0 || seen == size) {
      break;
    }
    // Readiness says "something is there" again and again while the rest is on its way.
    if (!more && !pause(milliseconds(2))) {
      break;
    }
  }
  bytes.resize(seen);
  return bytes;
}

std::string Connection::read_line(std::size_t limit) {
  std::string line;
  while (line.size() < limit && !line.ends_with('\n')) {
    const std::string octet = read_some(1);
    if (octet.empty()) {
      break;
    }
    line += octet;
  }
  return line;
}

std::string Connection::read_head(std::size_t limit) {
  std::string head;
  while (head.size() < limit) {
    const std::string line = read_line();
    head += line;
    if (line.empty() || line == "\r\n" || line == "\n") {
      break;
    }
  }
  return head;
}

bool Connection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!wait_writable()) {
      return false;
    }
    const ssize_t n = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && would_block()) {
      continue;
    }
    if (n <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string Connection::read_record() {
  std::string record = read_exactly(kRecordHeader);
  record += read_exactly(record_size(record));
  return record;
}

std::size_t Connection::peek_record_size() {
  return record_size(peek(kRecordHeader));
}

void Connection::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  static_cast<void>(setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now));
  close(fd_);
  fd_ = -1;
}

void Connection::finish() {
  if (fd_ < 0) {
    return;
  }
  shutdown(fd_, SHUT_WR);
  // A client that never closes is left after a second.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  std::array<char, 4096> sink{};
  while (std::chrono::steady_clock::now() < until && wait_readable(milliseconds(1000))) {
    const ssize_t n = recv(fd_, sink.data(), sink.size(), 0);
    if (n == 0 || (n < 0 && !would_block())) {
      break;
    }
  }
  close(fd_);
  fd_ = -1;
}

namespace {

enum class Pumped { Some, End, Reset };

Pumped pump(Connection& from, Connection& to) {
  std::array<char, 16384> buffer{};
  const ssize_t n = recv(from.fd(), buffer.data(), buffer.size(), 0);
  if (n < 0 && would_block()) {
    return Pumped::Some;
  }
  if (n < 0) {
    return Pumped::Reset;
  }
  if (n == 0) {
    shutdown(to.fd(), SHUT_WR);
    return Pumped::End;
  }
  return to.write({buffer.data(), static_cast<std::size_t>(n)}) ? Pumped::Some : Pumped::Reset;
}

// One direction of a relay.
struct Direction {
  Connection& from;
  Connection& to;
  bool open = true;

  [[nodiscard]] pollfd waiting() const {
    return {.fd = open ? from.fd() : -1, .events = POLLIN, .revents = 0};
  }
  // False: the connection was reset.
  bool advance(const pollfd& ready) {
    if (ready.revents == 0) {
      return true;
    }
    const Pumped result = pump(from, to);
    open = result == Pumped::Some;
    return result != Pumped::Reset;
  }
};

}  // namespace

void relay(Connection& a, Connection& b) {
  Direction onward{.from = a, .to = b};
  Direction back{.from = b, .to = a};
  const auto until = std::chrono::steady_clock::now() + kConnectionLimit;
  while ((onward.open || back.open) && std::chrono::steady_clock::now() < until) {
    std::array<pollfd, 2> fds = {onward.waiting(), back.waiting()};
    // Short slices, because the stop signal is asked by pause() only.
    if (poll(fds.data(), fds.size(), 50) == 0) {
      if (!a.pause(milliseconds(1))) {
        return;
      }
      continue;
    }
    if (!onward.advance(fds[0]) || !back.advance(fds[1])) {
      a.reset();
      b.reset();
      return;
    }
  }
}

}  // namespace medic::lab
