#pragma once

// A TLS server that says what a test tells it to, rightly signed and sealed, at any moment: for the
// client of src/tlswire and for libssl alike. P-256 certificate, AES-128-GCM, X25519.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "lab/certificate_maker.h"
#include "tlswire/tools.h"

namespace medic::tlswire {

class ScriptedServer {
 public:
  // Reads the client's first record.
  ScriptedServer(ByteView hello_record, std::uint16_t version);

  // Whole handshake messages, as they would come next in a right handshake.
  Bytes server_hello();
  Bytes retry_request(std::uint16_t group);
  Bytes encrypted_extensions();
  Bytes certificate_request();
  Bytes certificate();
  Bytes certificate_verify();
  Bytes key_exchange();
  Bytes hello_done();
  Bytes certificate_status();
  // The message that a name stands for: "ServerHello", "Finished", ... also ones that no server
  // sends.
  Bytes named(const std::string& name);

  // Puts messages on the wire: into the transcript, under the keys where there are some.
  Bytes say(ByteView message);
  // The same as one record for all, or in records of `piece` octets.
  Bytes say_coalesced(const std::vector<Bytes>& messages);
  Bytes say_split(ByteView message, std::size_t piece);
  // A record of any type, under the keys where there are some.
  Bytes record(ContentType type, ByteView body);
  static Bytes plain_record(ContentType type, ByteView body);

  // The client's second hello, after a retry_request.
  void hear_second_hello(ByteView record);

  [[nodiscard]] static const lab::Identity& leaf();
  [[nodiscard]] static const lab::Identity& issuer();
  // For signatures that do not verify.
  bool spoil_signature = false;

 private:
  void hear(ByteView hello);
  void note(ByteView message);

  std::uint16_t version_;
  Tools tools_;
  Bytes transcript_;
  Bytes client_random_;
  Bytes session_id_;
  Bytes client_share_;
  Bytes random_;
  std::optional<HandshakeKeys> keys_;
};

// Handshake header and body.
Bytes handshake_message(HandshakeType type, ByteView body);

}  // namespace medic::tlswire
