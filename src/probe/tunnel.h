#pragma once

// How a proxy is asked for a tunnel: HTTP CONNECT (RFC 9110 section 9.3.6) with Basic credentials,
// or SOCKS5 (RFC 1928, RFC 1929). Bytes in, bytes out. Credentials go to the wire and nowhere else:
// no field that can be read back holds them.

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "evidence/handshake.h"
#include "target/proxy.h"

namespace medic::probe {

class Tunnel {
 public:
  enum class State { Asking, Open, Refused };

  Tunnel() = default;
  virtual ~Tunnel() = default;
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;
  Tunnel(Tunnel&&) = delete;
  Tunnel& operator=(Tunnel&&) = delete;

  virtual void feed(ByteView bytes) = 0;
  // The proxy closed, or said nothing more in the time allowed: decides with what is there.
  virtual void end() = 0;
  // A refusal has arrived, and more of its text may follow: worth a short wait.
  [[nodiscard]] virtual bool wants_more_text() const = 0;

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const evidence::ProxyRefused& refusal() const { return refusal_; }
  std::string take_output();
  // Bytes of the tunnel's inside that came with the answer.
  std::string take_inside();

 protected:
  void open(std::string inside);
  void refuse(evidence::ProxyRefused refusal);
  void send(std::string_view bytes) { output_ += bytes; }

 private:
  State state_ = State::Asking;
  std::string output_;
  std::string inside_;
  evidence::ProxyRefused refusal_;
};

enum class Credentials { Send, Withhold };

// The header line with its line end, for the wire only.
std::string proxy_authorization(const target::ProxyCredentials& credentials);

// Asks for `host` (a name or a numeric address) and `port`.
std::unique_ptr<Tunnel> make_tunnel(const target::Proxy& proxy, const std::string& host,
                                    std::uint16_t port, Credentials credentials);

}  // namespace medic::probe
