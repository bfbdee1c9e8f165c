#pragma once

// Reads one HTTP/1.x response, byte by byte if need be, within bounds (RFC 9112). Serves the HEAD
// after a handshake, a proxy's answer to CONNECT, and fetching over plain HTTP.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace medic::probe {

class HttpReader {
 public:
  enum class State { Head, Body, Done, Bad };
  // HeadOnly: the answer to HEAD, or a 2xx to CONNECT: what follows the head is not its body.
  enum class Content { HeadOnly, Body };

  HttpReader(Content content, std::size_t max_body_bytes)
      : content_(content), max_body_bytes_(max_body_bytes) {}

  void feed(ByteView bytes);
  // The peer closed: completes a body without a length, makes anything else Bad.
  void end();

  [[nodiscard]] State state() const { return state_; }
  // Why it is Bad: "not an HTTP answer", "head over 16384 bytes", "body over 1000 bytes", ...
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] const std::string& status_line() const { return status_line_; }
  // The first header of that name (case does not count), or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] const Bytes& body() const { return body_; }
  // Bytes after the answer; of a Bad answer, what arrived.
  [[nodiscard]] const std::string& rest() const { return buffer_; }

 private:
  enum class Framing { None, Length, Chunked, UntilClose };
  enum class Chunk { Size, Data, DataEnd, Trailer };

  void bad(std::string problem);
  void read_heads();
  bool read_head();
  bool parse_head(std::string_view head);
  void choose_framing();
  void read_body();
  void read_chunks();
  bool read_chunk_size();
  bool read_chunk_line();
  bool take_body(std::size_t count);

  Content content_;
  std::size_t max_body_bytes_;
  State state_ = State::Head;
  std::string problem_;
  std::string buffer_;
  int status_ = 0;
  std::string status_line_;
  std::vector<std::pair<std::string, std::string>> headers_;
  Bytes body_;
  Framing framing_ = Framing::None;
  Chunk chunk_ = Chunk::Size;
  std::uint64_t remaining_ = 0;
  std::size_t trailer_bytes_ = 0;
  unsigned interim_answers_ = 0;
};

}  // namespace medic::probe
