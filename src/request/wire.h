#pragma once

// One connection of the client from its first byte to its last, without its socket: TLS to the
// proxy where it wants that, the tunnel, TLS, then HTTP for as long as there are requests. No byte
// of a request leaves before the certificate was accepted (judge.h). Exchanges come from, and go
// back to, a Desk.

#include <chrono>
#include <memory>
#include <string>

#include "probe/conversation.h"
#include "probe/tls_client.h"
#include "probe/tunnel.h"
#include "request/http_session.h"
#include "request/judge.h"
#include "target/overrides.h"
#include "target/proxy.h"

namespace medic::request {

struct PhaseLimits {
  std::chrono::milliseconds resolve{10000};
  std::chrono::milliseconds connect{10000};
  std::chrono::milliseconds tls{10000};     // proxy, tunnel and handshake
  std::chrono::milliseconds answer{30000};  // silence before and within the answer
  std::chrono::milliseconds total{120000};  // all attempts of a request and the pauses between them
};

enum class HttpVersions { Both, OnlyHttp1 };

// Everything pointed to must outlive the connection.
struct WirePlan {
  target::Target target;                 // whom we mean: name and port
  const target::Proxy* proxy = nullptr;  // null: direct
  target::HostPort tunnel_to;            // what the proxy is asked for
  const Trust* trust = nullptr;
  const Clock* clock = nullptr;
  evidence::TlsVersion min_version = evidence::TlsVersion::Tls12;
  evidence::TlsVersion max_version = evidence::TlsVersion::Tls13;
  HttpVersions http = HttpVersions::Both;
  const probe::ClientIdentity* identity = nullptr;  // null: none to show
  std::function<void(std::string_view)> key_log;
  PhaseLimits limits;
  AnswerLimits answers;
};

class Wire;

// Where a connection gets its requests and brings its answers. Called inside the connection's
// events: what follows from an answer is done later.
class Desk {
 public:
  Desk() = default;
  virtual ~Desk() = default;
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  Desk(Desk&&) = delete;
  Desk& operator=(Desk&&) = delete;

  // The next exchange for this connection, or null.
  virtual Exchange* next(Wire& wire) = 0;
  virtual void finished(Exchange& exchange, Wire& wire, Instant now) = 0;
  // It is ready for requests.
  virtual void opened(Wire& wire) = 0;
  // It is gone; Wire::failure() says why. Exchanges that were on it have been finished before.
  virtual void ended(Wire& wire) = 0;
};

class Wire final : public probe::Conversation {
 public:
  Wire(WirePlan plan, Desk& desk, Instant start);
  ~Wire() override;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  Wire(Wire&&) = delete;
  Wire& operator=(Wire&&) = delete;

  void connected(const std::string& peer, Instant now) override;
  void not_connected(const std::string& reason, const std::string& detail, Instant now) override;
  void received(ByteView bytes, Instant now) override;
  void closed(probe::Ending ending, Instant now) override;
  void expired(Instant now) override;
  void patience_ended(Instant now) override;
  Bytes take_output() override;
  [[nodiscard]] bool finished() const override { return stage_ == Stage::Done; }
  [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const override;

  // Takes what the desk has by now; the driver is told to look (Connection::wake).
  void pull(Instant now);
  // Resolving the name is part of the first attempt, though not of the connection.
  void note_resolved(Microseconds took) { timings_.resolved = took; }
  [[nodiscard]] Instant start() const { return start_; }
  // Says goodbye: there will be no more requests.
  void retire();

  [[nodiscard]] bool is_open() const { return stage_ == Stage::Http; }
  [[nodiscard]] bool is_idle() const { return is_open() && http_->active() == 0; }
  [[nodiscard]] bool speaks_http2() const { return http2_; }
  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }
  [[nodiscard]] const Timings& timings() const { return timings_; }
  // Grows until the connection is open, and stays as it is from then on.
  [[nodiscard]] const std::shared_ptr<Peer>& peer() const { return peer_; }

 private:
  enum class Stage { Connect, ProxyTls, Tunnel, Hello, Tls, Http, Done };

  void enter_tunnel();
  void enter_target();
  void enter_tls();
  void enter_http(Instant now);
  void dispatch(ByteView bytes, Instant now);
  void proxy_bytes(ByteView bytes, Instant now);
  void tunnel_bytes(ByteView bytes, Instant now);
  void hello_bytes(ByteView bytes, Instant now);
  void tls_bytes(ByteView bytes, Instant now);
  void http_bytes(ByteView plain, Instant now);
  void secured(Instant now);
  void give_back(Instant now);
  void end_http(End how, Instant now);
  void end(std::optional<Failure> failure);
  void end_tls(const probe::TlsClient& tls, const Judge& judge, FailureKind kind);
  void put(ByteView bytes);
  void allow(std::chrono::milliseconds time, Instant now) { phase_end_ = now + time; }
  [[nodiscard]] probe::TlsSettings settings(Judge& judge) const;

  WirePlan plan_;
  Desk* desk_;
  Instant start_;
  Instant phase_end_;
  Stage stage_ = Stage::Connect;
  std::shared_ptr<Peer> peer_;  // shared with the attempts that it served
  evidence::Handshake proxy_facts_;
  std::unique_ptr<Judge> proxy_judge_;
  std::unique_ptr<probe::TlsClient> outer_;  // TLS to an https:// proxy
  std::unique_ptr<probe::Tunnel> tunnel_;
  std::unique_ptr<Judge> judge_;
  std::unique_ptr<probe::TlsClient> tls_;  // null: plain HTTP, which somebody allowed
  std::unique_ptr<HttpSession> http_;
  bool http2_ = false;
  Timings timings_;
  Bytes first_bytes_;
  Bytes output_;
  std::optional<Failure> failure_;
};

}  // namespace medic::request
