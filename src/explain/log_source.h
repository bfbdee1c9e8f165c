#pragma once

// The bytes of a log as UTF-8: gzip and zstd are taken off while the matching goes on beside,
// UTF-16 (what Windows tools write) is turned. Memory is bounded whatever the input unpacks to.

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "base/error.h"

namespace medic::explain {

class LogSource {
 public:
  // Fills what it is given as far as it can; 0: the end.
  using Read = std::function<Result<std::size_t>(std::span<char>)>;

  explicit LogSource(Read read);
  LogSource(LogSource&& other) noexcept;
  LogSource& operator=(LogSource&& other) noexcept;
  LogSource(const LogSource&) = delete;
  LogSource& operator=(const LogSource&) = delete;
  ~LogSource();

  // The next piece, valid until the next call; empty: the end. Compressed data that is damaged or
  // cut ends there, and `damaged` says so: what came before it is still worth reading.
  Result<std::string_view> next();
  [[nodiscard]] bool damaged() const;

 private:
  class Chain;
  std::unique_ptr<Chain> chain_;
};

}  // namespace medic::explain
