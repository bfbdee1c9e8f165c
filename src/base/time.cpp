#include "base/time.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace medic {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

// Exactly `digits` decimal digits at `offset`; none when absent.
std::optional<int> number(std::string_view text, std::size_t offset, std::size_t digits) {
  if (text.size() < offset + digits) {
    return std::nullopt;
  }
  int value = 0;
  for (std::size_t i = offset; i < offset + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') {
      return std::nullopt;
    }
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::optional<sys_days> date(std::optional<int> year, std::optional<int> month,
                             std::optional<int> day) {
  if (!year || !month || !day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day ymd{std::chrono::year{*year},
                                        std::chrono::month{static_cast<unsigned>(*month)},
                                        std::chrono::day{static_cast<unsigned>(*day)}};
  if (!ymd.ok()) {
    return std::nullopt;
  }
  return sys_days{ymd};
}

std::optional<seconds> time_of_day(std::string_view text, std::size_t offset) {
  const auto hour = number(text, offset, 2);
  const auto minute = number(text, offset + 3, 2);
  const auto second = number(text, offset + 6, 2);
  if (!hour || !minute || !second || text[offset + 2] != ':' || text[offset + 5] != ':' ||
      *hour > 23 || *minute > 59 || *second > 60) {
    return std::nullopt;
  }
  return hours{*hour} + minutes{*minute} + seconds{*second};
}

std::unexpected<Error> bad_time(std::string_view text) {
  return fail(ErrorKind::Usage, fmt::format("not a time: '{}'", escaped(text, 40)), {},
              "write it as 2026-11-21, 2026-11-21T11:30:00Z or @1795260600");
}

}  // namespace

std::string rfc3339(Time time) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day ymd{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string iso_date(Time time) {
  return rfc3339(time).substr(0, 10);
}

namespace {

// "Z" or "+09:00": how far ahead of UTC.
std::optional<seconds> zone_offset(std::string_view zone) {
  if (zone == "Z" || zone == "z") {
    return seconds{0};
  }
  const auto zone_hours = number(zone, 1, 2);
  const auto zone_minutes = number(zone, 4, 2);
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || !zone_hours ||
      !zone_minutes || *zone_hours > 23 || *zone_minutes > 59) {
    return std::nullopt;
  }
  const seconds offset = hours{*zone_hours} + minutes{*zone_minutes};
  return zone[0] == '-' ? -offset : offset;
}

}  // namespace

Result<Time> parse_time(std::string_view text) {
  if (text.starts_with('@')) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), value);
    // Years 0 to 9999: what a certificate can say.
    constexpr std::int64_t kMin = -62167219200;
    constexpr std::int64_t kMax = 253402300799;
    if (error != std::errc{} || end != text.data() + text.size() || value < kMin || value > kMax) {
      return bad_time(text);
    }
    return Time{seconds{value}};
  }
  const auto day = date(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2));
  if (!day || text[4] != '-' || text[7] != '-') {
    return bad_time(text);
  }
  if (text.size() == 10) {
    return Time{*day};
  }
  const auto clock = time_of_day(text, 11);
  if (!clock || (text[10] != 'T' && text[10] != 't' && text[10] != ' ')) {
    return bad_time(text);
  }
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.') {  // a fraction is allowed and dropped
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9';) {
      ++at;
    }
  }
  const auto offset = zone_offset(text.substr(at));
  if (!offset) {
    return bad_time(text);
  }
  return Time{*day} + *clock - *offset;
}

Result<Time> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  // "Sun, 06 Nov 1994 08:49:37 GMT"
  if (text.size() == 29 && text.substr(3, 2) == ", " && text.ends_with(" GMT")) {
    for (std::size_t m = 0; m < kMonths.size(); ++m) {
      if (text.substr(8, 3) == kMonths[m]) {
        const auto day = date(number(text, 12, 4), static_cast<int>(m) + 1, number(text, 5, 2));
        const auto clock = time_of_day(text, 17);
        if (day && clock) {
          return Time{*day} + *clock;
        }
      }
    }
  }
  return fail(ErrorKind::Data, fmt::format("not an HTTP date: '{}'", escaped(text, 40)));
}

Time SystemClock::now() const {
  return std::chrono::floor<seconds>(std::chrono::system_clock::now());
}

}  // namespace medic
