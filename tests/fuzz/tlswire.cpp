// The minimal TLS client against a peer's bytes. The first octet chooses: raw bytes in uneven
// pieces, or a script of records (kind, length, content) of which the handshake ones are sealed
// with the right keys once a ServerHello has been sent, so that what lies behind them is reached.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"
#include "tlswire/byte_writer.h"
#include "tlswire/client.h"

namespace {

using medic::ByteReader;
using medic::Bytes;
using medic::ByteView;
using namespace medic::tlswire;

// Ours, and the peer's: made once, because the shares are kept anyway.
struct Both {
  Tools client;
  Tools server;
};
Both& both() {
  static Both the_tools;
  return the_tools;
}

Bytes server_hello(ByteView session_id) {
  Bytes message;
  ByteWriter out(message);
  out.u8(2);
  out.vector(3, [&] {
    out.u16(kTls12);
    out.bytes(Bytes(32, 0x5A));
    out.vector(1, [&] { out.bytes(session_id); });
    out.u16(0x1301);
    out.u8(0);
    out.vector(2, [&] {
      out.bytes(Bytes{0, 43, 0, 2, 3, 4, 0, 51, 0, 36, 0, 29, 0, 32});
      out.bytes(both().server.shares.share(Group::X25519));
    });
  });
  return message;
}

Bytes plain_record(std::uint8_t type, ByteView body) {
  Bytes wire;
  ByteWriter out(wire);
  out.u8(type);
  out.u16(kTls12);
  out.vector(2, [&] { out.bytes(body); });
  return wire;
}

class ScriptedPeer {
 public:
  explicit ScriptedPeer(const Bytes& hello) : transcript_(hello.begin() + 5, hello.end()) {}

  Bytes play(std::uint8_t kind, ByteView content) {
    if (kind % 4 == 0 && !keys_) {
      const Bytes hello = server_hello(Bytes(32, 2));
      transcript_.insert(transcript_.end(), hello.begin(), hello.end());
      const Bytes& share = both().client.shares.share(Group::X25519);
      Tools& tools = both().server;
      keys_ = tools.protection.handshake_keys(
          Suite::Aes128GcmSha256, *tools.shares.agreed(Group::X25519, share),
          tools.protection.hash(Suite::Aes128GcmSha256, {transcript_}));
      return plain_record(22, hello);
    }
    const auto type = static_cast<std::uint8_t>(20 + kind % 5);
    const ByteView cut = content.first(std::min<std::size_t>(content.size(), 16384));
    return keys_ && kind % 4 != 3
               ? both().server.protection.seal(Suite::Aes128GcmSha256, keys_->server,
                                               static_cast<ContentType>(type), cut)
               : plain_record(type, cut);
  }

 private:
  Bytes transcript_;
  std::optional<HandshakeKeys> keys_;
};

void feed_raw(Client& client, ByteView bytes) {
  std::size_t step = 1;
  while (!bytes.empty() && client.state() == State::Talking) {
    const std::size_t count = std::min(step, bytes.size());
    client.feed(bytes.first(count));
    bytes = bytes.subspan(count);
    step = step * 3 % 257 + 1;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) {
    return 0;
  }
  HelloText text{.server_name = "host.example"};
  text.random.fill(1);
  text.session_id.fill(2);
  Client client(both().client, text,
                (data[0] & 2U) != 0 ? Depth::Certificate : Depth::Authenticated);
  const Bytes hello = client.take_output();
  const ByteView rest(data + 1, size - 1);
  if ((data[0] & 1U) == 0) {
    feed_raw(client, rest);
  } else {
    ScriptedPeer peer(hello);
    ByteReader script(rest);
    while (!script.empty() && client.state() == State::Talking) {
      const std::uint8_t kind = script.u8();
      client.feed(peer.play(kind, script.vector(2)));
    }
  }
  client.take_output();
  return 0;
}
