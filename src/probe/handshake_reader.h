#pragma once

// Reads handshake messages as they pass, before libssl judges them, and writes what they say into
// the evidence: so a certificate that does not parse, or parameters that libssl refuses, are still
// recorded as sent. Needs no libssl and no socket; malformed messages leave facts out, never fail.

#include <cstdint>

#include "base/bytes.h"
#include "evidence/handshake.h"

namespace medic::probe {

enum class Direction { Sent, Received };

class HandshakeReader {
 public:
  // `facts` is written to as long as the reader is fed; it must outlive that.
  explicit HandshakeReader(evidence::Handshake& facts) : facts_(&facts) {}

  // One whole handshake message with its 4-octet header, decrypted.
  void message(Direction direction, ByteView message);
  void alert(Direction direction, std::uint8_t level, std::uint8_t code);

  // The last alert of each direction, for deciding the outcome.
  [[nodiscard]] std::optional<evidence::Alert> last_received() const { return received_; }
  [[nodiscard]] std::optional<evidence::Alert> last_sent() const { return sent_; }

 private:
  void server_hello(ByteView body);
  void server_hello_extensions(ByteView extensions);
  void encrypted_extensions(ByteView body);
  void certificate(ByteView body);
  void certificate_status(ByteView body);
  void certificate_request(ByteView body);
  void server_key_exchange(ByteView body);
  void certificate_verify(ByteView body);
  void alpn(ByteView extension);
  void ca_names(ByteView list);
  [[nodiscard]] bool is_tls13() const { return facts_->version == evidence::TlsVersion::Tls13; }

  evidence::Handshake* facts_;
  std::optional<evidence::Alert> received_;
  std::optional<evidence::Alert> sent_;
};

}  // namespace medic::probe
