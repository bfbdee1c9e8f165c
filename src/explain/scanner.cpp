#include "explain/scanner.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "explain/explain.h"
#include "explain/fold.h"
#include "explain/matcher.h"

namespace medic::explain {
namespace {

// Bytes read closely before and behind a gate: where the client and the host are named.
constexpr std::size_t kContext = 4096;
// One window; gates that stand closer than their contexts share one up to this size.
constexpr std::size_t kWindow = std::size_t{64} << 10U;
// A line is not looked for further than this.
constexpr std::size_t kLine = 1024;
// Gates are shorter: what straddles two pieces lies within this much on both sides of the seam.
constexpr std::size_t kSeam = 64;

std::size_t line_ends(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// The beginning of the line at or after `from`, if one begins soon.
std::size_t line_begin(std::string_view text, std::size_t from) {
  const std::size_t end = text.substr(0, std::min(text.size(), from + kLine)).find('\n', from);
  return from == 0 || end == std::string_view::npos ? from : end + 1;
}

std::size_t line_end(std::string_view text, std::size_t from) {
  if (from >= text.size()) {
    return text.size();
  }
  const std::size_t end = text.substr(0, std::min(text.size(), from + kLine)).find('\n', from);
  return end == std::string_view::npos ? from : end + 1;
}

}  // namespace

Scanner::Scanner(const Matcher& matcher, std::function<void(const Failure&)> on_new)
    : matcher_(matcher), on_new_(std::move(on_new)) {}

Result<void> Scanner::feed(std::string_view bytes) {
  explanation_.bytes += bytes.size();
  if (!passing_ && held_.size() + bytes.size() <= kWhole) {
    held_ += bytes;
    return {};
  }
  if (!passing_) {
    passing_ = true;
    const std::string first = std::exchange(held_, {});
    if (auto passed = pass(first); !passed) {
      return passed;
    }
  }
  return pass(bytes);
}

Result<void> Scanner::pass(std::string_view bytes) {
  std::vector<std::size_t> gates;
  if (!has_open_) {
    // Most pieces hold nothing: they are searched where they lie.
    const std::string seam = held_.substr(held_.size() - std::min(held_.size(), kSeam)) +
                             std::string(bytes.substr(0, kSeam));
    std::vector<std::size_t> straddling;
    matcher_.gate_ends(seam, straddling);
    matcher_.gate_ends(bytes, gates);
    if (gates.empty() && straddling.empty()) {
      lines_ += line_ends(held_) + line_ends(bytes);
      keep_tail(bytes, bytes.size() - std::min(bytes.size(), kContext));
      lines_ -= line_ends(held_);
      done_ = 0;
      return {};
    }
  }
  held_ += bytes;
  gates.clear();
  matcher_.gate_ends(held_, gates);
  return read_windows(gates, held_, lines_ + 1, false);
}

void Scanner::keep_tail(std::string_view text, std::size_t from) {
  held_.assign(text.substr(from));
}

Result<void> Scanner::read_windows(const std::vector<std::size_t>& gates, std::string_view text,
                                   std::size_t first_line, bool last) {
  has_open_ = false;
  std::size_t i = 0;
  std::size_t counted = 0;
  std::size_t keep = text.size() - std::min(text.size(), kContext);
  while (i < gates.size()) {
    if (gates[i] <= done_) {
      ++i;
      continue;
    }
    const std::size_t begin =
        line_begin(text, std::max(done_, gates[i] - std::min(gates[i], kContext)));
    std::size_t end = gates[i] + kContext;
    std::size_t next = i + 1;
    while (next < gates.size() && gates[next] <= end && end - begin < kWindow) {
      end = gates[next++] + kContext;
    }
    if (end > text.size() && !last && end - begin < kWindow) {
      has_open_ = true;
      keep = std::min(keep, begin);
      break;
    }
    end = line_end(text, std::min(end, text.size()));
    const std::size_t from = std::min(begin, gates[i]);
    first_line += line_ends(text.substr(counted, from - counted));
    counted = from;
    if (auto read = read_closely(text.substr(from, end - from), first_line); !read) {
      return read;
    }
    done_ = end;
    i = next;
  }
  lines_ += line_ends(text.substr(0, keep));
  done_ = done_ > keep ? done_ - keep : 0;
  held_.erase(0, keep);
  return {};
}

Result<void> Scanner::read_closely(std::string_view window, std::size_t first_line) {
  MEDIC_TRY(Explanation found, explain_text(matcher_, window));
  for (Failure& failure : found.failures) {
    failure.line += first_line - 1;
    const Failure* added = fold(explanation_, std::move(failure));
    if (added != nullptr && on_new_) {
      on_new_(*added);
    }
  }
  for (SetAside& aside : found.set_aside) {
    aside.line += first_line - 1;
    if (explanation_.set_aside.size() < kMostFailures) {
      explanation_.set_aside.push_back(std::move(aside));
    }
  }
  return {};
}

Result<void> Scanner::flush() {
  if (!passing_) {
    const std::string whole = std::exchange(held_, {});
    const std::size_t first_line = lines_ + 1;
    lines_ += line_ends(whole);
    return read_closely(whole, first_line);
  }
  std::vector<std::size_t> gates;
  if (has_open_) {
    matcher_.gate_ends(held_, gates);
  }
  return read_windows(gates, held_, lines_ + 1, true);
}

Result<Explanation> Scanner::finish() {
  if (auto flushed = flush(); !flushed) {
    return std::unexpected(std::move(flushed.error()));
  }
  return std::move(explanation_);
}

}  // namespace medic::explain
