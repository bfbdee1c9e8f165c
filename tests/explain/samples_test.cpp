// How well real error texts are explained: the first symptom, the cause among the first two, and no
// cause called certain that is not the one.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "catalogue/cause.h"
#include "explain/explain.h"
#include "explain/matcher.h"

namespace medic::explain {
namespace {

struct Score {
  int texts = 0;
  int right_symptom = 0;
  int with_cause = 0;
  int right_cause = 0;
  int wrong_certain = 0;
};

// A finer cause counts as the one it belongs to.
bool is_cause(const std::string& found, const std::string& expected) {
  const catalogue::Cause* cause = catalogue::find_cause(found);
  return found == expected || (cause != nullptr && cause->parent == expected);
}

void add_cause(const Failure& failure, const std::string& expected, Score& score,
               const std::string& id) {
  if (expected == "undetermined") {
    return;
  }
  ++score.with_cause;
  bool right = false;
  for (std::size_t i = 0; i < failure.causes.size() && i < 2; ++i) {
    right = right || is_cause(failure.causes[i].cause, expected);
  }
  score.right_cause += right ? 1 : 0;
  if (!right) {
    fmt::print("  {}: cause {} is not among the first two of {} (client {}, host {}):", id,
               expected, failure.symptom, failure.client, failure.host);
    for (const Likely& likely : failure.causes) {
      fmt::print(" {} {:.2f}", likely.cause, likely.likelihood);
    }
    fmt::print("\n");
  }
  for (const Likely& likely : failure.causes) {
    if (likely.certain && likely.likelihood > kNeverCertain && !is_cause(likely.cause, expected)) {
      ++score.wrong_certain;
      fmt::print("  {}: {} is called certain, and it is {}\n", id, likely.cause, expected);
    }
  }
}

Score score_of(const Matcher& matcher, const std::string& path) {
  Score score;
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    const nlohmann::json sample = nlohmann::json::parse(line);
    const std::string id = sample.at("id");
    const std::string symptom = sample.at("symptom");
    ++score.texts;
    const auto explanation = explain_text(matcher, sample.at("text").get<std::string>());
    const bool any = explanation && !explanation->failures.empty();
    const std::string found = any ? explanation->failures.front().symptom : "";
    if (found == symptom) {
      ++score.right_symptom;
    } else {
      fmt::print("  {}: found '{}' ({}) where {} is, set aside {}\n", id, found,
                 any ? explanation->failures.front().signature : "", symptom,
                 explanation ? explanation->set_aside.size() : 0);
    }
    add_cause(any ? explanation->failures.front() : Failure{}, sample.at("root_cause"), score, id);
  }
  fmt::print(
      "{}: {} texts, first symptom right {:.1f} %, cause among the first two {:.1f} % of {}, "
      "wrong and certain {}\n",
      path, score.texts, 100.0 * score.right_symptom / score.texts,
      100.0 * score.right_cause / score.with_cause, score.with_cause, score.wrong_certain);
  return score;
}

TEST(ExplainSamples, RealTextsAreExplainedRightly) {
  const auto matcher = Matcher::builtin();
  ASSERT_TRUE(matcher);
  const char* other = std::getenv("MEDIC_SAMPLES");  // another labelled file, by hand
  const Score score = score_of(*matcher, other != nullptr ? other
                                                          : MEDIC_SOURCE_DIR
                                             "/tests/explain/corpus/errors_dev.jsonl");
  ASSERT_GT(score.texts, 0);
  EXPECT_GE(score.right_symptom * 100, score.texts * 97);
  EXPECT_GE(score.right_cause * 100, score.with_cause * 90);
  EXPECT_EQ(score.wrong_certain, 0);
}

}  // namespace
}  // namespace medic::explain
