#pragma once

// One accepted TCP connection of the lab, as a script sees it: blocking calls, each bounded by the
// connection's deadline and ended at once when the lab stops. Not for sharing between threads.

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace medic::lab {

// No script keeps a client longer than this.
inline constexpr std::chrono::seconds kConnectionLimit{20};

class Connection {
 public:
  // Takes over `fd`. `stop_fd` becomes readable when the lab stops. `ordinal` counts the
  // connections of one listener from 0.
  Connection(int fd, int stop_fd, std::size_t ordinal);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&&) = delete;
  Connection& operator=(Connection&&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] std::size_t ordinal() const { return ordinal_; }

  // False: deadline, `limit` or stop came first.
  bool wait_readable(std::chrono::milliseconds limit = kConnectionLimit);
  bool wait_writable();
  // True when all of `duration` passed; false: deadline or stop.
  bool pause(std::chrono::milliseconds duration);

  // What has arrived, at least one octet; empty: end, error, deadline or stop.
  std::string read_some(std::size_t most = 4096);
  // Exactly `size` octets, or fewer when the peer ends.
  std::string read_exactly(std::size_t size);
  // Looks at the first `size` octets and leaves them unread; fewer when the peer ends.
  std::string peek(std::size_t size);
  // Up to and with "\n" or `limit` octets, read octet by octet: nothing behind it is consumed, so
  // that TLS can follow on the same connection.
  std::string read_line(std::size_t limit = 1024);
  // The head of an HTTP request up to and with the empty line, read like read_line.
  std::string read_head(std::size_t limit = 16384);
  bool write(std::string_view bytes);

  // The first TLS record as a whole (header included), or what arrived of it.
  std::string read_record();
  // The size of the first record's content as its header says, without reading it; 0: no TLS
  // record.
  std::size_t peek_record_size();

  // Ends the connection with RST instead of FIN.
  void reset();
  // Says FIN and drains what the client still sends (a close with unread octets would be an RST).
  void finish();

 private:
  enum class Ready { Yes, No };
  Ready wait(short events, std::chrono::milliseconds limit);

  int fd_ = -1;
  int stop_fd_ = -1;
  std::size_t ordinal_ = 0;
  std::chrono::steady_clock::time_point deadline_;
};

// Octets in both directions until both ends are done; an RST on one side becomes an RST on the
// other.
void relay(Connection& a, Connection& b);

}  // namespace medic::lab
