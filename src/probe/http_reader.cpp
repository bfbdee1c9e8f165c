#include "probe/http_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace medic::probe {
namespace {

constexpr std::size_t kMaxHeadBytes = 16384;
constexpr std::size_t kMaxHeaders = 200;
constexpr std::size_t kMaxChunkLine = 256;
constexpr unsigned kMaxInterimAnswers = 16;  // "100 Continue" and its kin before the answer

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

// The end of the head: an empty line. Bare LF is accepted, as RFC 9112 section 2.2 allows.
std::size_t head_end(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    if (text.substr(at + 1, 1) == "\n") {
      return at + 2;
    }
    if (text.substr(at + 1, 2) == "\r\n") {
      return at + 3;
    }
  }
  return std::string_view::npos;
}

}  // namespace

void HttpReader::bad(std::string problem) {
  state_ = State::Bad;
  problem_ = std::move(problem);
}

void HttpReader::feed(ByteView bytes) {
  if (state_ == State::Done || state_ == State::Bad) {
    buffer_.append(as_text(bytes.first(std::min<std::size_t>(bytes.size(), kMaxHeadBytes))));
    return;
  }
  buffer_.append(as_text(bytes));
  read_heads();
  if (state_ == State::Body) {
    read_body();
  }
}

void HttpReader::end() {
  if (state_ == State::Body && framing_ == Framing::UntilClose) {
    state_ = State::Done;
  } else if (state_ == State::Head || state_ == State::Body) {
    bad(state_ == State::Body ? "the answer ended early"
        : buffer_.empty()     ? "closed without an answer"
                              : "not a whole HTTP answer");
  }
}

// RFC 9110 section 15.2: interim answers may come first.
void HttpReader::read_heads() {
  while (state_ == State::Head && read_head()) {
    if (status_ < 100 || status_ >= 200 || status_ == 101) {
      choose_framing();
    } else if (++interim_answers_ > kMaxInterimAnswers) {
      bad("interim answers without end");
    }
  }
}

// One head out of the buffer; false when more bytes are needed or it is malformed.
bool HttpReader::read_head() {
  constexpr std::string_view kStart = "HTTP/1.";
  const std::string_view text = buffer_;
  if (text.substr(0, kStart.size()) != kStart.substr(0, text.size())) {
    bad("not an HTTP answer");
    return false;
  }
  const std::size_t end = head_end(text);
  if (std::min(end, text.size()) > kMaxHeadBytes) {
    bad(fmt::format("head over {} bytes", kMaxHeadBytes));
    return false;
  }
  if (end == std::string_view::npos) {
    return false;
  }
  if (!parse_head(text.substr(0, end))) {
    bad("not an HTTP answer");
    return false;
  }
  buffer_.erase(0, end);
  return true;
}

bool HttpReader::parse_head(std::string_view head) {
  const std::size_t line_end = head.find('\n');
  status_line_ = trimmed(head.substr(0, line_end));
  headers_.clear();
  // "HTTP/1.1 200 OK": the reason may be missing, and so may the space before it.
  const std::string_view line = status_line_;
  const std::string_view digits = line.size() >= 12 ? line.substr(9, 3) : std::string_view{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), status_);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() ||
      line[8] != ' ' || status_ < 100) {
    status_ = 0;
    return false;
  }
  head.remove_prefix(line_end + 1);
  while (!head.empty() && headers_.size() < kMaxHeaders) {
    const std::size_t next = std::min(head.find('\n'), head.size() - 1);
    const std::string_view field = head.substr(0, next);
    if (const std::size_t colon = field.find(':'); colon != std::string_view::npos) {
      headers_.emplace_back(trimmed(field.substr(0, colon)), trimmed(field.substr(colon + 1)));
    }
    head.remove_prefix(next + 1);
  }
  return true;
}

std::string_view HttpReader::header(std::string_view name) const {
  for (const auto& [key, value] : headers_) {
    if (equal_ignoring_case(key, name)) {
      return value;
    }
  }
  return {};
}

// RFC 9112 section 6.3.
void HttpReader::choose_framing() {
  state_ = State::Body;
  const std::string_view length = header("Content-Length");
  if (content_ == Content::HeadOnly || status_ == 204 || status_ == 304) {
    state_ = State::Done;
  } else if (equal_ignoring_case(header("Transfer-Encoding"), "chunked")) {
    framing_ = Framing::Chunked;
  } else if (length.empty()) {
    framing_ = Framing::UntilClose;
  } else {
    const auto [end, error] =
        std::from_chars(length.data(), length.data() + length.size(), remaining_);
    if (error != std::errc{} || end != length.data() + length.size()) {
      bad("Content-Length is not a number");
    } else if (remaining_ > max_body_bytes_) {
      bad(fmt::format("body over {} bytes", max_body_bytes_));
    } else if (remaining_ == 0) {
      state_ = State::Done;
    } else {
      framing_ = Framing::Length;
    }
  }
}

bool HttpReader::take_body(std::size_t count) {
  if (body_.size() + count > max_body_bytes_) {
    bad(fmt::format("body over {} bytes", max_body_bytes_));
    return false;
  }
  const ByteView taken = as_bytes(std::string_view(buffer_).substr(0, count));
  body_.insert(body_.end(), taken.begin(), taken.end());
  buffer_.erase(0, count);
  return true;
}

void HttpReader::read_body() {
  if (framing_ == Framing::Chunked) {
    read_chunks();
    return;
  }
  if (framing_ == Framing::UntilClose) {
    take_body(buffer_.size());
    return;
  }
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, buffer_.size()));
  if (take_body(count)) {
    remaining_ -= count;
    if (remaining_ == 0) {
      state_ = State::Done;
    }
  }
}

// One size line; false when more bytes are needed or it is malformed.
bool HttpReader::read_chunk_size() {
  const std::size_t end = buffer_.find('\n');
  if (std::min(end, buffer_.size()) > kMaxChunkLine) {
    bad("chunk size line too long");
    return false;
  }
  if (end == std::string::npos) {
    return false;
  }
  const std::string_view line = trimmed(std::string_view(buffer_).substr(0, end));
  const std::string_view digits = trimmed(line.substr(0, line.find(';')));
  const auto [stop, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), remaining_, 16);
  if (digits.empty() || error != std::errc{} || stop != digits.data() + digits.size()) {
    bad("chunk size is not a number");
    return false;
  }
  if (remaining_ > max_body_bytes_) {
    bad(fmt::format("body over {} bytes", max_body_bytes_));
    return false;
  }
  buffer_.erase(0, end + 1);
  chunk_ = remaining_ == 0 ? Chunk::Trailer : Chunk::Data;
  return true;
}

void HttpReader::read_chunks() {
  while (state_ == State::Body) {
    if (chunk_ == Chunk::Size) {
      if (!read_chunk_size()) {
        return;
      }
    } else if (chunk_ == Chunk::Data) {
      const auto count =
          static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, buffer_.size()));
      if (count == 0 || !take_body(count)) {
        return;
      }
      remaining_ -= count;
      chunk_ = remaining_ == 0 ? Chunk::DataEnd : Chunk::Data;
    } else {
      if (!read_chunk_line()) {
        return;
      }
    }
  }
}

// The line end after a chunk's data, or one trailer line; false when more bytes are needed or it is
// malformed. Sizes are counted, not what happens to be in the buffer, so that the answer does not
// depend on how the bytes were cut on their way.
bool HttpReader::read_chunk_line() {
  const std::size_t end = buffer_.find('\n');
  const std::size_t line_bytes = std::min(end, buffer_.size());
  if (line_bytes > kMaxHeadBytes - trailer_bytes_) {
    bad("trailer too long");
    return false;
  }
  if (end == std::string::npos) {
    return false;
  }
  const bool empty_line = trimmed(std::string_view(buffer_).substr(0, end)).empty();
  buffer_.erase(0, end + 1);
  if (chunk_ == Chunk::DataEnd) {
    if (!empty_line) {
      bad("chunk longer than its size");
      return false;
    }
    chunk_ = Chunk::Size;
  } else if (empty_line) {
    state_ = State::Done;
  } else {
    trailer_bytes_ += line_bytes;
  }
  return true;
}

}  // namespace medic::probe
