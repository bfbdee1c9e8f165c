#pragma once

// Runs the lab's listeners: one thread accepts for all of them, each connection has a thread of its
// own while it lasts. Blocking threads and not an event loop, because the scripts of the faults
// (say this, wait, say that) are then read from top to bottom; the lab serves a handful of clients
// at a time.
//
// listen() before start(); after that nothing is shared but the stop pipe. The destructor stops
// all.

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "lab/connection.h"

namespace medic::lab {

// Called on the connection's thread; may run on several threads at once.
using Script = std::function<void(Connection&)>;

class ServerHost {
 public:
  ServerHost() = default;
  ~ServerHost();
  ServerHost(const ServerHost&) = delete;
  ServerHost& operator=(const ServerHost&) = delete;
  ServerHost(ServerHost&&) = delete;
  ServerHost& operator=(ServerHost&&) = delete;

  // Port 0: any free one. Returns the port. `address` is numeric IPv4.
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port, Script script);
  // The same port on several addresses, one script each.
  Result<std::uint16_t> listen_on_all(const std::vector<std::pair<std::string, Script>>& addresses);
  Result<void> start();

  // How many connections the listeners on `port` have taken so far. Thread-safe after start().
  [[nodiscard]] std::size_t accepted(std::uint16_t port) const;

  // For scripts that dial on (proxies): a connection that ends with the lab, or null.
  [[nodiscard]] std::unique_ptr<Connection> dial(const std::string& address,
                                                 std::uint16_t port) const;

 private:
  struct Listener {
    int fd = -1;
    Script script;
    std::uint16_t port = 0;
    std::atomic<std::size_t> accepted = 0;
  };
  struct Worker {
    std::thread thread;
    std::atomic<bool> done = false;
  };
  Result<void> open_stop_pipe();
  void accept_loop();
  void accept_one(Listener& listener);
  void reap();

  std::deque<Listener> listeners_;
  std::list<Worker> workers_;  // touched by the accepting thread only, until it was joined
  std::thread acceptor_;
  int stop_read_ = -1;
  int stop_write_ = -1;
};

}  // namespace medic::lab
