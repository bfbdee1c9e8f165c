#include "explain/mention.h"

#include <gtest/gtest.h>

#include <string_view>

#include "explain/explain.h"
#include "explain/matcher.h"

namespace medic::explain {
namespace {

struct Case {
  std::string_view text;
  std::string_view set_aside;  // why; empty: it is a failure
  std::string_view why;
};

const Case kCases[] = {
    {"curl: (60) SSL certificate problem: unable to get local issuer certificate", "",
     "what curl prints"},
    {"- Fixed \"unable to get local issuer certificate\" behind proxies (#123)", "documentation",
     "a changelog"},
    {"* Add a hint for unable to get local issuer certificate", "documentation", "a changelog"},
    {"If you see unable to get local issuer certificate, install the root.", "documentation",
     "a manual"},
    {"  if \"unable to get local issuer certificate\" in str(error):", "code", "Python"},
    {"    return errors.New(\"unable to get local issuer certificate\")", "code", "Go"},
    {"#define X509_V_ERR \"unable to get local issuer certificate\"", "code", "C"},
    {"# Fix error: ssl.SSLError: unable to get local issuer certificate (_ssl.c:1129)", "",
     "a comment with the marks of a real error"},
    {"WARNING: Retrying (Retry(total=4)) after connection broken by 'SSLError(unable to get local "
     "issuer certificate)'\nSuccessfully installed x-1.0\n",
     "recovered", "a retry that went well"},
    {"WARNING: Retrying (Retry(total=4)) after connection broken by 'SSLError(unable to get local "
     "issuer certificate)'\nERROR: No matching distribution found for x\n",
     "", "a retry that did not"},
};

TEST(Mention, TellsWhatFailedFromWhatOnlySpeaksOfIt) {
  const Matcher matcher = *Matcher::builtin();
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.why);
    const auto explanation = explain_text(matcher, c.text);
    ASSERT_TRUE(explanation);
    if (c.set_aside.empty()) {
      ASSERT_FALSE(explanation->failures.empty());
      EXPECT_EQ(explanation->failures.front().symptom, "verify-unknown-issuer");
    } else {
      EXPECT_FALSE(explanation->found());
      ASSERT_FALSE(explanation->set_aside.empty());
      EXPECT_EQ(why_id(explanation->set_aside.front().why), c.set_aside);
    }
  }
}

}  // namespace
}  // namespace medic::explain
