#include "explain/signature_lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/cause.h"

namespace medic::explain {
namespace {

bool any_holds(const std::vector<std::string>& lines, std::string_view words) {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.find(words) != std::string::npos;
  });
}

TEST(SignatureLines, ASymptomOfManyLibrariesShowsTheWordsOfSeveral) {
  const std::vector<std::string> lines = lines_of_symptom("verify-unknown-issuer", 40);
  EXPECT_EQ(lines.size(), 40U);
  EXPECT_TRUE(any_holds(lines, "unable to get local issuer certificate"));
  EXPECT_TRUE(any_holds(lines, "PKIX path building failed"));
}

TEST(SignatureLines, EverySymptomHasARealText) {
  for (const std::string& symptom : catalogue::symptom_ids()) {
    EXPECT_FALSE(lines_of_symptom(symptom, 1).empty()) << symptom;
  }
}

TEST(SignatureLines, OfNothingAreNone) {
  EXPECT_TRUE(lines_of_symptom("no-such-symptom", 12).empty());
  EXPECT_TRUE(lines_of_symptom("verify-unknown-issuer", 0).empty());
}

}  // namespace
}  // namespace medic::explain
