#pragma once

// Points in time as certificates know them: whole seconds, UTC.

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"

namespace medic {

using Time = std::chrono::sys_seconds;

// RFC 3339 with a Z: "2026-11-21T11:30:00Z".
std::string rfc3339(Time time);
// "2026-11-21", for sentences.
std::string iso_date(Time time);
// RFC 3339 (Z or an offset), a date alone (midnight UTC), or "@unix-seconds".
Result<Time> parse_time(std::string_view text);
// RFC 9110 section 5.6.7 IMF-fixdate, as in an HTTP Date header.
Result<Time> parse_http_date(std::string_view text);

// Where "now" comes from: passed in, never reached for (tests and --at replace it).
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override;
};

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Time at) : at_(at) {}
  [[nodiscard]] Time now() const override { return at_; }

 private:
  Time at_;
};

}  // namespace medic
