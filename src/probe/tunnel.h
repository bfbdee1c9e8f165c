#pragma once

// The dialogue with a proxy until it has opened a tunnel: HTTP CONNECT (RFC 9110 section 9.3.6) or
// SOCKS5 (RFC 1928, RFC 1929). Bytes in, bytes out; TLS to an https:// proxy is the caller's layer.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "evidence/handshake.h"
#include "target/proxy.h"

namespace medic::probe {

class Tunnel {
 public:
  enum class State { Talking, Open, Refused };

  virtual ~Tunnel() = default;
  virtual void feed(ByteView bytes) = 0;
  // The proxy closed.
  virtual void end() = 0;

  [[nodiscard]] State state() const { return state_; }
  // What must be sent now.
  std::string take_output();
  // Bytes of the target that came with the proxy's last answer.
  std::string take_rest();
  [[nodiscard]] const evidence::ProxyRefused& refusal() const { return refusal_; }

 protected:
  void refuse(int status, std::string reason, std::string body);

  State state_ = State::Talking;
  std::string output_;
  std::string rest_;
  evidence::ProxyRefused refusal_;
};

// `host` and `port` name the target; `proxy` must outlive the tunnel.
std::unique_ptr<Tunnel> make_tunnel(const target::Proxy& proxy, const std::string& host,
                                    std::uint16_t port);

}  // namespace medic::probe
