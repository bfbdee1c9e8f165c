#pragma once

// Text that must not be shown: a proxy password, a token. It has no printable form; the bytes come
// out only through `reveal()`, which the code that puts them on the wire calls. Wiped when it ends.

#include <cstddef>
#include <string>
#include <utility>

namespace medic::target {

// Overwrites the text and empties it. Volatile: no compiler may leave the writing out.
inline void wipe(std::string& text) {
  text.resize(text.capacity());
  volatile char* const bytes = text.data();
  for (std::size_t i = 0; i < text.size(); ++i) {
    bytes[i] = '\0';
  }
  text.clear();
}

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes) : bytes_(std::move(bytes)) { wipe(bytes); }
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  // A short string is copied by a move: what it was copied from is wiped.
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { wipe(other.bytes_); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe(bytes_);
      bytes_ = std::move(other.bytes_);
      wipe(other.bytes_);
    }
    return *this;
  }
  ~Secret() { wipe(bytes_); }

  [[nodiscard]] const std::string& reveal() const { return bytes_; }
  [[nodiscard]] static const char* text() { return "(not shown)"; }

 private:
  std::string bytes_;
};

}  // namespace medic::target
