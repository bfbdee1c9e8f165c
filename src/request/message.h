#pragma once

// A request and what became of it, as plain values.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "evidence/handshake.h"
#include "request/url.h"
#include "target/secret.h"
#include "verify/verify.h"

namespace medic::request {

struct Header {
  std::string name;
  target::Secret value;  // any header may carry a key, so none is shown
};

struct Request {
  std::string method = "GET";
  Url url;
  std::vector<Header> headers;
  Bytes body;
};

// A name and a value that may be sent (RFC 9110 section 5), and that are the caller's to set: the
// framing of the message is ours.
Result<Header> checked_header(std::string name, target::Secret value);
bool is_method(std::string_view text);
// Repeating it changes nothing (RFC 9110 section 9.2.2).
bool is_idempotent(std::string_view method);

struct Answer {
  int status = 0;
  std::string version;                                       // "1.1", "2"
  std::vector<std::pair<std::string, std::string>> headers;  // in their order, raw
  Bytes body;

  // The first of that name (case does not count), or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

enum class FailureKind {
  Unresolved,    // the name has no address
  NotConnected,  // nobody took the TCP connection
  Proxy,         // the proxy gave no tunnel
  Tls,           // the handshake broke
  Certificate,   // we refused the certificate
  Closed,        // the connection ended before the answer did
  Timeout,       // a phase took too long
  BadAnswer,     // what came is no HTTP, or more than is allowed
  Redirect,      // it leads where we do not go
  Stopped,       // the person stopped it
};
std::string_view failure_id(FailureKind kind);  // "certificate"

struct Failure {
  FailureKind kind = FailureKind::Closed;
  std::string detail;     // in the words of the protocol: "alert unrecognized_name"; may be empty
  bool may_heal = false;  // a reset or a timeout: worth another try
  // No byte of the request was read by the server, so that it may be sent again whatever it says.
  bool unread = false;
};

// How a connection came about. Shared by the answers that came over it.
struct Peer {
  evidence::Handshake handshake;  // of a TLS connection: facts; `peer` is set for every one
  verify::Verdict verdict;
  std::vector<Bytes> anchors_used;
  bool judged = false;
};

using Microseconds = std::chrono::microseconds;

// Each from the beginning of the attempt. None: it did not come to that, or a connection that was
// there already was used.
struct Timings {
  std::optional<Microseconds> resolved;
  std::optional<Microseconds> connected;
  std::optional<Microseconds> proxy_ready;
  std::optional<Microseconds> secured;
  std::optional<Microseconds> first_byte;
  Microseconds total{};
};

// One request on the wire: a redirect and a retry are attempts of their own.
struct Attempt {
  std::string url;  // without its query
  std::string method;
  int status = 0;  // 0: no answer
  std::optional<Failure> failure;
  Timings timings;
  bool reused = false;                 // over a connection that was there already
  std::chrono::milliseconds waited{};  // before it
  std::shared_ptr<const Peer> peer;    // null: it did not come to a connection
};

struct Outcome {
  std::vector<Attempt> attempts;  // in their order, at least one
  std::optional<Answer> answer;   // the last one; none: `failure` says why
  std::optional<Failure> failure;
  Url url;  // the last one asked
};

}  // namespace medic::request
