#include <chrono>
#include <optional>

#include "x509/parts.h"

namespace medic::x509 {
namespace {

// Reads two digits at a time off the front.
class Digits {
 public:
  explicit Digits(std::string_view text) : text_(text) {}

  [[nodiscard]] bool digit_follows() const {
    return !text_.empty() && text_.front() >= '0' && text_.front() <= '9';
  }
  std::optional<int> two() {
    if (text_.size() < 2 || text_[0] < '0' || text_[0] > '9' || text_[1] < '0' || text_[1] > '9') {
      return std::nullopt;
    }
    const int value = (text_[0] - '0') * 10 + (text_[1] - '0');
    text_.remove_prefix(2);
    return value;
  }
  bool skip(char c) {
    if (text_.empty() || text_.front() != c) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }
  void skip_digits() {
    while (digit_follows()) {
      text_.remove_prefix(1);
    }
  }
  [[nodiscard]] bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
};

// RFC 5280 section 4.1.2.5.1: 50 to 99 are 19xx, 00 to 49 are 20xx.
std::optional<int> read_year(Digits& digits, bool generalized) {
  const auto first = digits.two();
  if (!first || !generalized) {
    return first ? std::optional(*first + (*first < 50 ? 2000 : 1900)) : std::nullopt;
  }
  const auto second = digits.two();
  return second ? std::optional(*first * 100 + *second) : std::nullopt;
}

// "Z", "+hhmm" or "-hhmm" as what must be added to reach UTC.
std::optional<std::chrono::minutes> read_zone(Digits& digits) {
  if (digits.skip('Z')) {
    return std::chrono::minutes{0};
  }
  const bool east = digits.skip('+');
  if (!east && !digits.skip('-')) {
    return std::nullopt;
  }
  const auto hours = digits.two();
  const auto minutes = digits.two();
  if (!hours || !minutes || *hours > 14 || *minutes > 59) {
    return std::nullopt;
  }
  const std::chrono::minutes offset{*hours * 60 + *minutes};
  return east ? -offset : offset;
}

}  // namespace

ReadTime time_from(std::uint8_t tag, ByteView text) {
  const bool generalized = tag == der::kGeneralizedTime;
  ReadTime unreadable{.time = {}, .form = TimeForm::Unreadable, .generalized = generalized};
  Digits digits(as_text(text));
  const auto year = read_year(digits, generalized);
  const auto month = digits.two();
  const auto day = digits.two();
  const auto hour = digits.two();
  const auto minute = digits.two();
  if (!year || !month || !day || !hour || !minute || *hour > 23 || *minute > 59) {
    return unreadable;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) {
    return unreadable;
  }
  int second = 0;
  if (digits.digit_follows()) {
    const auto read = digits.two();
    if (!read || *read > 59) {
      return unreadable;
    }
    second = *read;
  }
  if (generalized && digits.skip('.')) {
    digits.skip_digits();
  }
  const auto zone = read_zone(digits);
  if (!zone || !digits.at_end()) {
    return unreadable;
  }
  const bool standard = text.size() == (generalized ? 15U : 13U) && text.back() == 'Z';
  return {.time = std::chrono::sys_days{date} + std::chrono::hours{*hour} +
                  std::chrono::minutes{*minute} + std::chrono::seconds{second} + *zone,
          .form = standard ? TimeForm::Standard : TimeForm::Other,
          .generalized = generalized};
}

ReadTime read_time(der::Reader& reader) {
  const ByteView at = reader.rest();
  const der::Element found = reader.element();
  if (!reader.ok()) {
    return {};
  }
  if (found.tag != der::kUtcTime && found.tag != der::kGeneralizedTime) {
    reader.failure().set("neither UTCTime nor GeneralizedTime", at);
    return {};
  }
  return time_from(found.tag, found.content);
}

}  // namespace medic::x509
