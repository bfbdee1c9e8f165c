#pragma once

// Our side of the key exchange: one share a group, made when it is first asked for and kept,
// because making one costs as much as using it and nothing secret is ever sent under it. For one
// thread.

#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "tlswire/wire.h"

namespace medic::tlswire {

class KeyShares {
 public:
  KeyShares();
  ~KeyShares();
  KeyShares(const KeyShares&) = delete;
  KeyShares& operator=(const KeyShares&) = delete;
  KeyShares(KeyShares&&) = delete;
  KeyShares& operator=(KeyShares&&) = delete;

  // As it stands in a key_share extension.
  const Bytes& share(Group group);
  // What both sides know; none where the peer's share is no point of the group, or a point of small
  // order (RFC 7748 section 6.1).
  std::optional<Bytes> agreed(Group group, ByteView peer_share);

 private:
  struct Slot;
  Slot& slot(Group group);

  std::vector<std::unique_ptr<Slot>> slots_;
};

}  // namespace medic::tlswire
