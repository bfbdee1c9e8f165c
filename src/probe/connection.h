#pragma once

// Gives a Conversation its socket on the event loop: connects, moves bytes, keeps the deadline.
// Decides nothing.

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "probe/conversation.h"

namespace medic::probe {

// Shared: the loop's pending operations hold it until the last one is done.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // Tries `endpoints` in order until one connects. `talk` outlives the connection's last operation;
  // `done` is called once, on the loop's thread, when the talk is finished and its socket closed.
  Connection(boost::asio::io_context& loop, Conversation& talk,
             std::vector<boost::asio::ip::tcp::endpoint> endpoints,
             std::chrono::milliseconds deadline, std::function<void()> done);
  void start();
  // The talk has something to say although nothing happened on the wire.
  void wake();
  // Closes now. The talk stays unfinished, and `done` is not called.
  void cancel();

 private:
  void connect();
  void connected(const boost::system::error_code& error);
  void read();
  void write();
  // After every event: send, finish or wait on.
  void settle();
  void wait_patiently();
  void close();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer patience_;
  Conversation* talk_;
  std::vector<boost::asio::ip::tcp::endpoint> endpoints_;
  std::chrono::milliseconds allowed_;
  std::function<void()> done_;
  std::size_t next_endpoint_ = 0;
  bool over_ = false;
  bool patient_ = false;
  bool was_reset_ = false;
  Bytes pending_;
  Bytes writing_;
  std::array<std::uint8_t, 16384> buffer_{};
};

}  // namespace medic::probe
