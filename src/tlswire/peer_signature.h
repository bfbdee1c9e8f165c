#pragma once

// The signature by which a server proves that it holds its certificate's key: RFC 8446 section
// 4.4.3, RFC 5246 section 7.4.3.

#include <cstdint>

#include "x509/signature.h"

namespace medic::tlswire {

enum class PeerSignature {
  Good,
  Bad,          // decrypt_error
  NotAllowed,   // a scheme that was not offered, not of this version, or not of this key
  Unsupported,  // a scheme or key that we cannot check
};

struct SignedByPeer {
  std::uint16_t version = 0;
  std::uint16_t scheme = 0;
  ByteView content;
  ByteView signature;
};

PeerSignature check_peer_signature(x509::PassingKeys& keys, const x509::PublicKey& key,
                                   const SignedByPeer& what);

}  // namespace medic::tlswire
