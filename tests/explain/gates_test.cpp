// Looking at every fourth position must find what looking at every one finds.

#include "explain/gates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "explain/data.h"
#include "explain/matcher.h"

namespace medic::explain {
namespace {

std::vector<std::size_t> found(std::string_view lines, std::string_view text) {
  std::vector<std::size_t> ends;
  Gates::read(lines).find(text, ends);
  return ends;
}

TEST(Gates, AreFoundAtEveryPlaceInAnyLetterCase) {
  const std::string lines = gate_lines({"verify failed", "0x80090325", "人証書の検証"});
  for (std::size_t before = 0; before < 9; ++before) {
    SCOPED_TRACE(before);
    const std::string blanks(before, '.');
    EXPECT_EQ(found(lines, blanks + "Verify FAILED"), std::vector<std::size_t>{before + 13});
    EXPECT_EQ(found(lines, blanks + "0X80090325."), std::vector<std::size_t>{before + 10});
    EXPECT_EQ(found(lines, blanks + "人証書の検証に"), std::vector<std::size_t>{before + 18});
    EXPECT_TRUE(found(lines, blanks + "verify faile").empty());
  }
}

TEST(Gates, OneThatHoldsAnotherIsLeftToIt) {
  const std::string lines = gate_lines({"certificate verify failed", "verify failed"});
  EXPECT_EQ(lines.substr(1), "verify failed\n");
}

TEST(Gates, OfAllSignaturesAreFoundAsAPlainSearchFindsThem) {
  const std::string lines = gate_lines(gates(signature_files()));
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    pieces.push_back(lines.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  ASSERT_GT(pieces.size(), 1000U);
  // Texts of random pieces, whole and cut, with other bytes between them.
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same texts every time
  std::string text;
  while (text.size() < 4000) {
    const std::string& piece = pieces[random() % pieces.size()];
    text += piece.substr(0, random() % 3 == 0 ? random() % piece.size() : piece.size());
    text.append(random() % 5, static_cast<char>(random() % 256));
  }
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::vector<std::size_t> expected;
  for (const std::string& piece : pieces) {
    for (std::size_t at = text.find(piece); at != std::string::npos;
         at = text.find(piece, at + 1)) {
      expected.push_back(at + piece.size());
    }
  }
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(found(lines, text), expected);
}

}  // namespace
}  // namespace medic::explain
