#pragma once

// One connection's talk without its socket: what Connection (connection.h) drives. Every call says
// what happened and when; afterwards the driver sends take_output(), looks at finished() and sets
// its timers. Calls come one at a time, on one thread. After finished() nothing but take_output()
// is called.

#include <chrono>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace medic::probe {

using Instant = std::chrono::steady_clock::time_point;

enum class Ending { Fin, Reset };

class Conversation {
 public:
  Conversation() = default;
  virtual ~Conversation() = default;
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;
  Conversation(Conversation&&) = delete;
  Conversation& operator=(Conversation&&) = delete;

  // `peer` is the numeric address reached.
  virtual void connected(const std::string& peer, Instant now) = 0;
  // `reason` is a word of evidence::NotConnected.
  virtual void not_connected(const std::string& reason, const std::string& detail, Instant now) = 0;
  virtual void received(ByteView bytes, Instant now) = 0;
  virtual void closed(Ending ending, Instant now) = 0;
  // The deadline has passed.
  virtual void expired(Instant now) = 0;
  // The quiet time that patience() asked for has passed without a byte.
  virtual void patience_ended(Instant now) = 0;

  virtual Bytes take_output() = 0;
  [[nodiscard]] virtual bool finished() const = 0;
  // How long to wait for more bytes before patience_ended(); none: until the deadline.
  [[nodiscard]] virtual std::optional<std::chrono::milliseconds> patience() const = 0;
};

}  // namespace medic::probe
