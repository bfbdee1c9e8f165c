#include <gtest/gtest.h>

#include <string_view>

#include "explain/explain.h"
#include "explain/matcher.h"

namespace medic::explain {
namespace {

struct Case {
  std::string_view text;
  std::string_view host;
  std::string_view port;
  std::string_view why;
};

const Case kCases[] = {
    {"curl: (60) SSL certificate problem: unable to get local issuer certificate\n"
     "More details here: https://curl.se/docs/sslcerts.html\n\n"
     "curl failed to verify the legitimacy of the server and therefore could not\n"
     "establish a secure connection to it. To learn more about this situation and\n"
     "how to fix it, please visit the web page mentioned above.\n",
     "", "", "curl's advice names nobody"},
    {"Failed to connect to build7 port 8443\n"
     "curl: (60) SSL certificate problem: unable to get local issuer certificate",
     "build7", "8443", "a short name with its port"},
    {"HTTPSConnectionPool(host='build7', port=8443): Max retries exceeded (Caused by SSLError("
     "SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
     "unable to get local issuer certificate')))",
     "build7", "8443", "a short name where nothing else can stand"},
};

TEST(Hosts, AreNamesAndNotProse) {
  const auto matcher = Matcher::builtin();
  ASSERT_TRUE(matcher);
  for (const Case& row : kCases) {
    SCOPED_TRACE(row.why);
    const auto explanation = explain_text(*matcher, row.text);
    ASSERT_TRUE(explanation);
    ASSERT_FALSE(explanation->failures.empty());
    EXPECT_EQ(explanation->failures.front().host, row.host);
    EXPECT_EQ(explanation->failures.front().port, row.port);
  }
}

TEST(Hosts, AFailureThatIsToldItsHostNamesItInItsNextCommand) {
  const auto matcher = Matcher::builtin();
  ASSERT_TRUE(matcher);
  auto explanation = explain_text(
      *matcher, "curl: (60) SSL certificate problem: unable to get local issuer certificate");
  ASSERT_TRUE(explanation);
  ASSERT_EQ(explanation->failures.size(), 1U);
  name_host(explanation->failures.front(), "api.example.com", "8443");
  ASSERT_FALSE(explanation->failures.front().next.empty());
  EXPECT_EQ(explanation->failures.front().next.front(),
            "tlsmedic diagnose api.example.com:8443 --client curl");
}

}  // namespace
}  // namespace medic::explain
