#pragma once

// The two clients that must agree, under one roof: ours and libssl's (src/probe), fed by hand or
// over a real connection.

#include <optional>
#include <string>

#include "evidence/handshake.h"
#include "lab/lab.h"
#include "probe/tls_client.h"
#include "tlswire/client.h"

namespace medic::tlswire {

HelloText hello_for(const std::string& host);

// Both clients behind one face.
class EitherClient {
 public:
  enum class Which { Ours, Libssl };
  EitherClient(Which which, const std::string& host);

  void feed(ByteView wire);
  Bytes take_output();
  // "authenticated", "refused unexpected_message", "alert ...", "talking", "unsupported", ...
  [[nodiscard]] std::string verdict() const;
  [[nodiscard]] bool over() const;

  static Tools& tools();

 private:
  std::optional<Client> ours_;
  evidence::Handshake facts_;
  std::optional<probe::TlsClient> libssl_;
};

// Ours over a socket, until it is over, the peer closes, or two seconds of silence.
struct Talked {
  State state = State::Talking;
  std::string_view reason;
  Shown shown;
  bool closed = false;
  bool reset = false;
};
Talked talk(const std::string& address, std::uint16_t port, const std::string& host,
            Depth depth = Depth::Authenticated);

}  // namespace medic::tlswire
