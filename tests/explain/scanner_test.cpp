#include "explain/scanner.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "explain/explain.h"
#include "explain/matcher.h"

namespace medic::explain {
namespace {

constexpr std::string_view kFailure =
    "urllib3.exceptions.MaxRetryError: HTTPSConnectionPool(host='files.example', port=8443): Max "
    "retries exceeded with url: / (Caused by SSLError(SSLCertVerificationError(1, '[SSL: "
    "CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate "
    "(_ssl.c:1129)')))\n";
constexpr std::string_view kNoise =
    "GET /tls/certificate 200 handshake of the day, nothing failed\n";

std::string noise(std::size_t lines) {
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) {
    text += kNoise;
  }
  return text;
}

Explanation scanned(const Matcher& matcher, std::string_view text, std::size_t piece) {
  Scanner scanner(matcher);
  for (std::size_t at = 0; at < text.size(); at += piece) {
    EXPECT_TRUE(scanner.feed(text.substr(at, piece)));
  }
  auto explanation = scanner.finish();
  EXPECT_TRUE(explanation);
  return explanation ? *std::move(explanation) : Explanation{};
}

// However a log is cut into pieces, the failure in it is found once, on its line.
TEST(Scanner, FindsTheSameInAnyPieces) {
  const Matcher matcher = *Matcher::builtin();
  constexpr std::size_t kBefore = 9000;  // more than is read closely as a whole
  const std::string text = noise(kBefore) + std::string(kFailure) + noise(kBefore);
  for (const std::size_t piece : {std::size_t{997}, std::size_t{4096}, std::size_t{65536},
                                  std::size_t{262144}, text.size()}) {
    SCOPED_TRACE(piece);
    const Explanation explanation = scanned(matcher, text, piece);
    ASSERT_EQ(explanation.failures.size(), 1U);
    const Failure& failure = explanation.failures.front();
    EXPECT_EQ(failure.symptom, "verify-unknown-issuer");
    EXPECT_EQ(failure.host, "files.example");
    EXPECT_EQ(failure.line, kBefore + 1);
    EXPECT_EQ(failure.count, 1U);
    EXPECT_EQ(explanation.bytes, text.size());
  }
}

TEST(Scanner, CountsWhatIsPrintedAgain) {
  const Matcher matcher = *Matcher::builtin();
  std::string text;
  for (int i = 0; i < 50; ++i) {
    text += noise(400) + std::string(kFailure);
  }
  const Explanation explanation = scanned(matcher, text, 65536);
  ASSERT_EQ(explanation.failures.size(), 1U);
  EXPECT_EQ(explanation.failures.front().count, 50U);
  EXPECT_EQ(explanation.failures.front().line, 401U);
}

TEST(Scanner, TellsOfAFailureOnceAndAtOnce) {
  const Matcher matcher = *Matcher::builtin();
  int told = 0;
  Scanner scanner(matcher, [&](const Failure&) { ++told; });
  ASSERT_TRUE(scanner.feed(kFailure));
  ASSERT_TRUE(scanner.flush());
  EXPECT_EQ(told, 1);
  ASSERT_TRUE(scanner.feed(kFailure));
  ASSERT_TRUE(scanner.finish());
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace medic::explain
