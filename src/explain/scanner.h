#pragma once

// A log of any size, in pieces, in bounded memory: raw bytes are passed over at the speed of the
// gate search, and only what stands around a gate is read closely. A text that fits into kWhole is
// read closely as a whole.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "explain/explain.h"
#include "explain/matcher.h"

namespace medic::explain {

class Scanner {
 public:
  // A paste or the log of one run; also what one piece given to feed() may best hold.
  static constexpr std::size_t kWhole = std::size_t{128} << 10U;

  // `on_new` is told of each failure once, when it is first seen (--follow).
  explicit Scanner(const Matcher& matcher, std::function<void(const Failure&)> on_new = {});

  Result<void> feed(std::string_view bytes);
  // Reads closely what is held back, without waiting for what may follow it.
  Result<void> flush();
  // flush(), and the result.
  Result<Explanation> finish();

 private:
  Result<void> pass(std::string_view bytes);
  Result<void> read_windows(const std::vector<std::size_t>& gates, std::string_view text,
                            std::size_t first_line, bool last);
  Result<void> read_closely(std::string_view window, std::size_t first_line);
  void keep_tail(std::string_view text, std::size_t from);

  const Matcher& matcher_;
  std::function<void(const Failure&)> on_new_;
  Explanation explanation_;
  std::string held_;      // fed and not dropped yet
  std::size_t done_ = 0;  // of held_: read closely already
  std::size_t open_ = 0;  // of held_: a gate not read closely begins a window here, if has_open_
  bool has_open_ = false;
  bool passing_ = false;   // more than kWhole was fed
  std::size_t lines_ = 0;  // line ends fed before held_
};

}  // namespace medic::explain
