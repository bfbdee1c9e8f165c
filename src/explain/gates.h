#pragma once

// Pieces of the patterns as they stand in raw text, and where they stand in it: what passes over
// gigabytes. A general many-pattern search looks at every byte; gates are at least kShortestGate
// bytes long, so that one look at every fourth position, at six bytes, suffices to miss none.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "explain/pattern.h"

namespace medic::explain {

inline constexpr std::size_t kShortestGate = 9;

// At most one piece: in a log of megabytes lines are whole. None where the pattern has no run that
// is long enough: other words of the same print open the window.
std::vector<std::string> gate_pieces(const Pattern& pattern);

// What Gates::read() reads: a piece on each line behind a letter, 'a' for 0, that says from which
// of its offsets on its grams are looked for: those that the fewest pieces share.
std::string gate_lines(std::vector<std::string> pieces);

class Gates {
 public:
  // `lines` must outlive this.
  static Gates read(std::string_view lines);

  // Offsets behind the pieces that stand in `text`, whatever their letter case, ascending.
  void find(std::string_view text, std::vector<std::size_t>& ends) const;

 private:
  // Where in which piece six folded bytes stand.
  struct Gram {
    std::uint64_t bytes = 0;  // no piece has six zero bytes: 0 is an empty place
    std::uint32_t piece = 0;
    std::uint32_t offset = 0;
  };
  void insert(Gram gram);
  void check(std::uint64_t bytes, std::size_t at, std::string_view text,
             std::vector<std::size_t>& ends) const;

  std::vector<std::string_view> pieces_;
  std::vector<Gram> table_;           // open addressing, a power of two, at most a quarter full
  std::vector<std::uint64_t> marks_;  // a bit for each hash that some gram has
};

}  // namespace medic::explain
