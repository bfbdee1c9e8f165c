#pragma once

// Which of millions of things were met before, in eight octets each. Told apart by a 64-bit hash:
// among ten million, two share one with a chance of one in 400,000.

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace medic::scan {

class HashSet {
 public:
  // False: it was there.
  bool insert(std::uint64_t hash) {
    hash = hash == 0 ? 1 : hash;
    if ((size_ + 1) * 2 > cells_.size()) {
      grow();
    }
    return put(hash);
  }
  bool insert(std::string_view text) { return insert(hash_of(text)); }
  [[nodiscard]] bool contains(std::string_view text) const {
    if (cells_.empty()) {
      return false;
    }
    const std::uint64_t hash = hash_of(text) == 0 ? 1 : hash_of(text);
    for (std::size_t at = hash & (cells_.size() - 1); cells_[at] != 0;
         at = (at + 1) & (cells_.size() - 1)) {
      if (cells_[at] == hash) {
        return true;
      }
    }
    return false;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  void clear() {
    cells_ = {};
    size_ = 0;
  }

  // FNV-1a, then mixed (the finaliser of MurmurHash3).
  static std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : text) {
      hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
    }
    hash ^= hash >> 33U;
    hash *= 0xFF51AFD7ED558CCDU;
    return hash ^ hash >> 33U;
  }

 private:
  bool put(std::uint64_t hash) {
    std::size_t at = hash & (cells_.size() - 1);
    while (cells_[at] != 0) {
      if (cells_[at] == hash) {
        return false;
      }
      at = (at + 1) & (cells_.size() - 1);
    }
    cells_[at] = hash;
    ++size_;
    return true;
  }
  void grow() {
    const std::vector<std::uint64_t> old = std::move(cells_);
    cells_.assign(old.empty() ? 1024 : old.size() * 2, 0);
    size_ = 0;
    for (const std::uint64_t hash : old) {
      if (hash != 0) {
        put(hash);
      }
    }
  }

  std::vector<std::uint64_t> cells_;  // zero: empty
  std::size_t size_ = 0;
};

}  // namespace medic::scan
