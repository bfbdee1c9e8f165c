#include "explain/gates.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "explain/pattern.h"

namespace medic::explain {
namespace {

// Longer pieces are rarer, shorter ones are cut less often.
constexpr std::size_t kPiece = 18;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

// The longest run of the literals without a character that JSON, HTML or a shell would escape.
std::string_view longest_run(const std::vector<std::string>& literals) {
  std::string_view longest;
  for (const std::string& literal : literals) {
    std::string_view rest = literal;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find_first_of("'\"<>&\\/"), rest.size());
      if (const std::string_view run = trimmed(rest.substr(0, end)); run.size() > longest.size()) {
        longest = run;
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return longest;
}

// Not inside a UTF-8 sequence: its further bytes are 10xxxxxx.
std::size_t rune_border(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) {
    --at;
  }
  return at;
}

constexpr std::size_t kGram = 6;
constexpr std::size_t kStep = 4;
static_assert(kShortestGate == kGram + kStep - 1);
// 32 KiB of bits, as much as the first cache of every processor of the last twenty years holds.
constexpr unsigned kMarkBits = 18;

char folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Six bytes with the bit of the letter case set in each: letters fold, other bytes may meet.
std::uint64_t gram_of(std::uint64_t eight) {
  constexpr std::uint64_t kSix = 0x0000ffffffffffffULL;
  constexpr std::uint64_t kCase = 0x0000202020202020ULL;
  if constexpr (std::endian::native == std::endian::big) {
    eight >>= 16U;
  }
  return (eight & kSix) | kCase;
}

std::uint64_t gram_at(const char* bytes) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, bytes, kGram);
  return gram_of(eight);
}

// Multiplicative hashing with the golden ratio (Knuth, 6.4).
std::uint64_t hashed(std::uint64_t gram) {
  return gram * 0x9e3779b97f4a7c15ULL;
}

bool stands_at(std::string_view text, std::size_t at, std::string_view piece) {
  return piece.size() <= text.size() - at &&
         std::equal(piece.begin(), piece.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, char b) { return a == folded(b); });
}

// A piece that holds another is found by it.
void drop_redundant(std::vector<std::string>& pieces) {
  std::sort(pieces.begin(), pieces.end(),
            [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  std::set<std::string, std::less<>> kept;
  for (const std::string& piece : pieces) {
    bool redundant = false;
    for (std::size_t begin = 0; begin < piece.size() && !redundant; ++begin) {
      for (std::size_t size = kShortestGate; begin + size <= piece.size() && !redundant; ++size) {
        redundant = kept.contains(std::string_view(piece).substr(begin, size));
      }
    }
    if (!redundant) {
      kept.insert(piece);
    }
  }
  pieces.assign(kept.begin(), kept.end());
}

}  // namespace

std::vector<std::string> gate_pieces(const Pattern& pattern) {
  const std::string_view run = longest_run(pattern.written());
  if (run.size() < kShortestGate) {
    return {};
  }
  if (run.size() < 2 * kPiece) {
    return {std::string(run.substr(0, rune_border(run, 2 * kPiece)))};
  }
  // The end of a long one tells it from its neighbours, and ordinary text has it less often.
  return {std::string(trimmed(run.substr(rune_border(run, run.size() - kPiece))))};
}

std::string gate_lines(std::vector<std::string> pieces) {
  for (std::string& piece : pieces) {
    std::transform(piece.begin(), piece.end(), piece.begin(), folded);
  }
  drop_redundant(pieces);
  std::map<std::uint64_t, std::size_t> shared;
  for (const std::string& piece : pieces) {
    for (std::size_t at = 0; at + kGram <= piece.size(); ++at) {
      ++shared[gram_at(piece.data() + at)];
    }
  }
  std::string lines;
  for (const std::string& piece : pieces) {
    std::size_t best = 0;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (std::size_t from = 0; from + kShortestGate <= piece.size(); ++from) {
      std::size_t sum = 0;
      for (std::size_t at = from; at < from + kStep; ++at) {
        sum += shared[gram_at(piece.data() + at)];
      }
      if (sum < fewest) {
        fewest = sum;
        best = from;
      }
    }
    lines += static_cast<char>('a' + static_cast<char>(best));
    lines += piece + "\n";
  }
  return lines;
}

Gates Gates::read(std::string_view lines) {
  Gates gates;
  std::vector<std::size_t> from;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    if (end > kShortestGate) {
      from.push_back(static_cast<std::size_t>(lines.front() - 'a'));
      gates.pieces_.push_back(lines.substr(1, end - 1));
    }
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  gates.table_.resize(std::bit_ceil(4 * kStep * gates.pieces_.size() + 1));
  gates.marks_.resize((std::size_t{1} << kMarkBits) / 64);
  for (std::size_t i = 0; i < gates.pieces_.size(); ++i) {
    for (std::size_t offset = from[i]; offset < from[i] + kStep; ++offset) {
      gates.insert({.bytes = gram_at(gates.pieces_[i].data() + offset),
                    .piece = static_cast<std::uint32_t>(i),
                    .offset = static_cast<std::uint32_t>(offset)});
    }
  }
  return gates;
}

void Gates::insert(Gram gram) {
  const std::uint64_t hash = hashed(gram.bytes);
  const std::uint64_t mark = hash >> (64U - kMarkBits);
  marks_[mark / 64] |= std::uint64_t{1} << (mark % 64);
  std::size_t at = hash & (table_.size() - 1);
  while (table_[at].bytes != 0) {
    at = (at + 1) & (table_.size() - 1);
  }
  table_[at] = gram;
}

void Gates::check(std::uint64_t bytes, std::size_t at, std::string_view text,
                  std::vector<std::size_t>& ends) const {
  for (std::size_t i = hashed(bytes) & (table_.size() - 1); table_[i].bytes != 0;
       i = (i + 1) & (table_.size() - 1)) {
    const Gram& gram = table_[i];
    if (gram.bytes != bytes || gram.offset > at) {
      continue;
    }
    const std::string_view piece = pieces_[gram.piece];
    if (stands_at(text, at - gram.offset, piece)) {
      ends.push_back(at - gram.offset + piece.size());
    }
  }
}

void Gates::find(std::string_view text, std::vector<std::size_t>& ends) const {
  const std::size_t before = ends.size();
  const std::uint64_t* const marks = marks_.data();
  const auto marked = [marks](std::uint64_t gram) {
    const std::uint64_t mark = hashed(gram) >> (64U - kMarkBits);
    return (marks[mark / 64] >> (mark % 64) & 1U) != 0;
  };
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= text.size(); at += kStep) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if (const std::uint64_t gram = gram_of(eight); marked(gram)) {
      check(gram, at, text, ends);
    }
  }
  if (at + kGram <= text.size()) {
    check(gram_at(text.data() + at), at, text, ends);
  }
  std::sort(ends.begin() + static_cast<std::ptrdiff_t>(before), ends.end());
}

}  // namespace medic::explain
