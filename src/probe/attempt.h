#pragma once

// One probe on the event loop: connect, proxy, STARTTLS, handshake, HTTP, under one deadline. The
// dialogues are sans-I/O (tunnel.h, starttls.h, tls_client.h); this file only moves bytes and keeps
// time.

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "evidence/handshake.h"
#include "probe/http_reader.h"
#include "probe/starttls.h"
#include "probe/tls_client.h"
#include "probe/tunnel.h"
#include "target/proxy.h"

namespace medic::probe {

// Where the bytes go. `proxy` and `identity` outlive the attempt; null: none.
struct Route {
  boost::asio::ip::tcp::endpoint endpoint;  // of the target, or of the proxy
  const target::Proxy* proxy = nullptr;
  std::string host;  // the target's name, for CONNECT, XMPP and HTTP
  std::uint16_t port = 0;
  const ClientIdentity* identity = nullptr;
};

// Shared: the loop's pending operations hold it until the last one is done.
class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  // `done` is called once, on the loop's thread.
  Attempt(boost::asio::io_context& loop, const evidence::ProbeSpec& spec, Route route,
          std::function<void()> done);
  void start();
  // Ends now; what was seen so far stays.
  void cancel();
  [[nodiscard]] bool finished() const { return finished_; }
  evidence::Handshake take() { return std::move(facts_); }

 private:
  enum class Stage { Connect, ProxyTls, Proxy, StartTls, Handshake, Http };
  using Clock = std::chrono::steady_clock;

  void connected(const boost::system::error_code& error);
  void read();
  void wire_bytes(ByteView bytes);
  void outer_bytes(ByteView bytes);
  void wire_closed(const boost::system::error_code& error);
  void plain_bytes(ByteView bytes);
  void begin_tunnel();
  void begin_starttls();
  void begin_tls();
  void tunnel_bytes(ByteView bytes);
  void dialogue_bytes(ByteView bytes);
  void tls_bytes(ByteView bytes);
  void http_bytes();
  void pump();
  void send(ByteView bytes);
  void flush();
  void timed_out();
  void finish(evidence::Outcome outcome);
  [[nodiscard]] evidence::Phase phase() const;
  [[nodiscard]] std::chrono::microseconds elapsed() const;

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer deadline_;
  Route route_;
  std::function<void()> done_;
  evidence::Handshake facts_;
  evidence::Handshake outer_facts_;  // of TLS to the proxy: not the target's
  std::unique_ptr<TlsClient> outer_;
  std::unique_ptr<Tunnel> tunnel_;
  std::unique_ptr<Dialogue> dialogue_;
  std::unique_ptr<TlsClient> client_;
  std::optional<HttpReader> http_;
  Stage stage_ = Stage::Connect;
  Clock::time_point started_;
  Clock::time_point hello_sent_;
  std::string first_;  // the answer's beginning, until it is known to be TLS
  bool is_tls_ = false;
  bool outer_is_tls_ = false;
  bool finished_ = false;
  bool writing_ = false;
  std::string pending_;  // to be written
  std::string writing_bytes_;
  std::array<std::uint8_t, 16384> buffer_{};
};

}  // namespace medic::probe
