// Handshake messages as a peer may send them, without libssl in front: each is a type, a length of
// two octets, and that many octets.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "probe/handshake_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  medic::evidence::Handshake facts;
  medic::probe::HandshakeReader reader(facts);
  medic::ByteView bytes(data, size);
  while (bytes.size() >= 3) {
    const std::size_t length = std::min<std::size_t>(
        static_cast<std::size_t>(bytes[1]) << 8U | bytes[2], bytes.size() - 3);
    medic::Bytes message{bytes[0], 0, bytes[1], bytes[2]};
    message.insert(message.end(), bytes.begin() + 3,
                   bytes.begin() + 3 + static_cast<std::ptrdiff_t>(length));
    reader.message(medic::probe::Direction::Received, message);
    bytes = bytes.subspan(3 + length);
  }
  return 0;
}
