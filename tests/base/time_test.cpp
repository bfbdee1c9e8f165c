#include "base/time.h"

#include <gtest/gtest.h>

#include <string_view>

namespace medic {
namespace {

struct TimeCase {
  std::string_view text;
  std::string_view utc;  // empty: refused
  std::string_view why;
};

constexpr TimeCase kTimes[] = {
    {"2026-11-21T11:30:00Z", "2026-11-21T11:30:00Z", "RFC 3339"},
    {"2026-11-21t11:30:00z", "2026-11-21T11:30:00Z", "RFC 3339 allows small letters"},
    {"2026-11-21 11:30:00Z", "2026-11-21T11:30:00Z", "and a blank"},
    {"2026-11-21T11:30:00+09:00", "2026-11-21T02:30:00Z", "Korea is ahead"},
    {"2026-11-21T11:30:00-05:30", "2026-11-21T17:00:00Z", "west is behind"},
    {"2026-11-21T11:30:00.125Z", "2026-11-21T11:30:00Z", "a fraction is dropped"},
    {"2026-11-21", "2026-11-21T00:00:00Z", "a date is midnight"},
    {"2028-02-29", "2028-02-29T00:00:00Z", "a leap day"},
    {"@0", "1970-01-01T00:00:00Z", "Unix seconds"},
    {"@-1", "1969-12-31T23:59:59Z", "before 1970"},
    {"2027-02-29", "", "no leap year"},
    {"2026-13-01", "", "no such month"},
    {"2026-11-21T24:00:00Z", "", "no such hour"},
    {"2026-11-21T11:30:00", "", "a time without a zone says nothing"},
    {"2026-11-21T11:30:00+9:00", "", "a crooked zone"},
    {"2026-11-21x", "", "a rest"},
    {"tomorrow", "", "a word"},
    {"", "", "nothing"},
    {"@", "", "no number"},
    {"@99999999999999", "", "after the year 9999"},
};

TEST(Time, ParseTime) {
  for (const TimeCase& c : kTimes) {
    SCOPED_TRACE(std::string(c.text) + ": " + std::string(c.why));
    const auto time = parse_time(c.text);
    ASSERT_EQ(time.has_value(), !c.utc.empty());
    if (time) {
      EXPECT_EQ(rfc3339(*time), c.utc);
    }
  }
}

TEST(Time, HttpDates) {
  const auto time = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110 section 5.6.7
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(rfc3339(*time), "1994-11-06T08:49:37Z");
  EXPECT_EQ(iso_date(*time), "1994-11-06");
  EXPECT_FALSE(parse_http_date("06 Nov 1994").has_value());
  EXPECT_FALSE(parse_http_date("Sun, 06 Foo 1994 08:49:37 GMT").has_value());
  EXPECT_FALSE(parse_http_date("").has_value());
}

TEST(Time, AFixedClockStandsStill) {
  const FixedClock clock(Time(std::chrono::seconds(42)));
  EXPECT_EQ(clock.now(), clock.now());
  EXPECT_EQ(rfc3339(clock.now()), "1970-01-01T00:00:42Z");
}

}  // namespace
}  // namespace medic
