#pragma once

// One probe from the first byte to the last, without its socket: TLS to the proxy where it wants
// that, the tunnel, the STARTTLS dialogue, the handshake, HEAD /. Each stage hands the bytes it
// does not use to the next. The result is an evidence::Handshake.

#include <memory>
#include <string>

#include "evidence/handshake.h"
#include "probe/conversation.h"
#include "probe/starttls.h"
#include "probe/tls_client.h"
#include "probe/tunnel.h"
#include "target/overrides.h"
#include "target/proxy.h"

namespace medic::probe {

class HttpReader;

// Everything pointed to must outlive the session.
struct SessionPlan {
  evidence::ProbeSpec spec;
  const target::Proxy* proxy = nullptr;      // null: direct
  target::HostPort tunnel_to;                // what the proxy is asked for; no host: spec's address
  const StartTls* starttls = nullptr;        // null: TLS at once
  const ClientIdentity* identity = nullptr;  // null: none to show
  // Basic credentials go to an https:// proxy only when its certificate chains to one of these
  // (DER) and names it: a probe looks at untrusted peers, but must not give a password to one.
  const std::vector<Bytes>* proxy_anchors = nullptr;
};

class Session final : public Conversation {
 public:
  Session(SessionPlan plan, Instant start);
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  Session(Session&&) = delete;
  Session& operator=(Session&&) = delete;

  void connected(const std::string& peer, Instant now) override;
  void not_connected(const std::string& reason, const std::string& detail, Instant now) override;
  void received(ByteView bytes, Instant now) override;
  void closed(Ending ending, Instant now) override;
  void expired(Instant now) override;
  void patience_ended(Instant now) override;
  Bytes take_output() override;
  [[nodiscard]] bool finished() const override { return stage_ == Stage::Done; }
  [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const override;

  // Valid once finished().
  [[nodiscard]] const evidence::Handshake& result() const { return facts_; }
  evidence::Handshake take_result() { return std::move(facts_); }

 private:
  enum class Stage { Connect, ProxyTls, Tunnel, StartTls, Hello, Tls, NotTls, Http, Done };

  void enter_proxy(Instant now);
  void enter_tunnel(Instant now);
  void enter_starttls(Instant now);
  void enter_tls(Instant now);
  void enter_http(Instant now);
  void after_connect(Instant now);

  // Bytes for the stage that is current; each may enter the next and pass the rest on.
  void dispatch(ByteView bytes, Instant now);
  void proxy_tls_bytes(ByteView bytes, Instant now);
  void tunnel_bytes(ByteView bytes, Instant now);
  void starttls_bytes(ByteView bytes, Instant now);
  void hello_bytes(ByteView bytes, Instant now);
  void tls_bytes(ByteView bytes, Instant now);
  void http_bytes(Instant now);
  void outer_ended(Instant now);
  void read_http(ByteView plain, Instant now);

  void finish(evidence::Outcome outcome, Instant now);
  void put(ByteView bytes);
  [[nodiscard]] evidence::Phase phase() const;
  [[nodiscard]] Credentials credentials_for_proxy() const;

  SessionPlan plan_;
  Instant start_;
  Instant hello_sent_{};
  Stage stage_ = Stage::Connect;
  evidence::Handshake facts_;
  evidence::Handshake outer_facts_;   // of the TLS to the proxy: not evidence
  std::unique_ptr<TlsClient> outer_;  // TLS to an https:// proxy
  std::unique_ptr<Tunnel> tunnel_;
  std::unique_ptr<Dialogue> dialogue_;
  std::unique_ptr<TlsClient> tls_;
  std::unique_ptr<HttpReader> http_;
  std::string first_bytes_;
  Bytes output_;
};

}  // namespace medic::probe
