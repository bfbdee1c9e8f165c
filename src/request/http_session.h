#pragma once

// HTTP over one connection, as bytes in and bytes out: HTTP/1.1 (one exchange after the other) and
// HTTP/2 (many at a time). Framing is read by Boost.Beast and nghttp2. Needs no socket and no TLS.

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "probe/conversation.h"
#include "request/message.h"

namespace medic::request {

using probe::Instant;

// One request on one connection.
struct Exchange {
  const Request* request = nullptr;  // must outlive the exchange
  std::string method;                // a redirect may change these two
  Url url;
  std::vector<const Header*> headers;  // those that go to this origin
  const Bytes* body = nullptr;         // null: none

  Answer answer;
  std::optional<Failure> failure;
  std::optional<Instant> first_byte;  // of the answer; none: nothing has arrived
};

struct AnswerLimits {
  std::size_t body_bytes = std::size_t{64} << 20U;
};

// How the peer's side ended. Cut: without TLS's close_notify, so that bytes may be missing.
enum class End { Ordered, Cut, Reset };

class HttpSession {
 public:
  HttpSession() = default;
  virtual ~HttpSession() = default;
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;
  HttpSession(HttpSession&&) = delete;
  HttpSession& operator=(HttpSession&&) = delete;

  // Whether submit() may be called now.
  [[nodiscard]] virtual bool has_room() const = 0;
  // No further exchange will ever fit: the connection is done when the last one is.
  [[nodiscard]] virtual bool is_closing() const = 0;
  [[nodiscard]] virtual std::size_t active() const = 0;
  // `exchange` must live until take_finished() gives it back.
  virtual void submit(Exchange& exchange) = 0;
  virtual void feed(ByteView bytes, Instant now) = 0;
  // The connection is gone: what is active is finished, with or without success.
  virtual void end(End how) = 0;
  // To be wiped by whoever sends it: it may hold keys.
  virtual std::string take_output() = 0;
  virtual std::vector<Exchange*> take_finished() = 0;
};

std::unique_ptr<HttpSession> make_http1(const AnswerLimits& limits);
std::unique_ptr<HttpSession> make_http2(const AnswerLimits& limits);

// "tlsmedic/0.1.0", for User-Agent.
std::string user_agent();

}  // namespace medic::request
