#pragma once

// gzip and zstd, as a stream. Their headers stay in unpacking.cpp.

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace medic::explain {

class Unpacker {
 public:
  virtual ~Unpacker() = default;
  struct Step {
    std::size_t taken = 0;  // of the input
    std::size_t made = 0;   // of the room
    bool damaged = false;
  };
  // Takes some of `input` and fills some of `room`.
  virtual Step unpack(std::string_view input, std::span<char> room) = 0;
};

// By the first bytes (RFC 1952 2.3.1, RFC 8878 3.1.1); null: neither.
std::unique_ptr<Unpacker> unpacker_for(std::string_view first_bytes);

}  // namespace medic::explain
