#include "lab/lab.h"

#include <gtest/gtest.h>

#include "tests/lab/openssl_client.h"

namespace medic::lab {
namespace {

const Time kAt = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

std::unique_ptr<Lab> started(const std::vector<std::string>& faults) {
  auto lab = start_lab(faults, kAt);
  EXPECT_TRUE(lab) << lab.error().what;
  return std::move(*lab);
}

TEST(Lab, AnUnknownFaultIsAUsageErrorThatNamesTheKnownOnes) {
  const std::vector<std::string> faults = {"no-such-fault"};
  const auto lab = start_lab(faults, kAt);
  ASSERT_FALSE(lab);
  EXPECT_EQ(lab.error().kind, ErrorKind::Usage);
  EXPECT_NE(lab.error().matters.find("expired-leaf"), std::string::npos);
}

TEST(Lab, EveryGoodTwinIsAcceptedByOpenssl) {
  const auto lab = started({});
  int twins = 0;
  for (const Site& site : lab->sites()) {
    if (!site.twin) {
      continue;
    }
    SCOPED_TRACE(site.id);
    ++twins;
    const ClientResult result = visit(site, {.client_certificate = !site.client_pem.empty()});
    EXPECT_TRUE(result.handshake) << result.error << ' ' << result.verify_error << result.plain;
    EXPECT_TRUE(result.answered) << result.error << result.body;
  }
  EXPECT_GE(twins, 78);
}

}  // namespace
}  // namespace medic::lab
