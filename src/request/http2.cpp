// HTTP/2 over one connection (RFC 9113); frames and header compression are nghttp2's.

#include <fmt/core.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "base/check.h"
#include "base/handle.h"
#include "request/http_session.h"

namespace medic::request {
namespace {

constexpr std::size_t kMaxHeadBytes = 64U * 1024U;
// As large as curl's: what arrives is taken at once, so a window only bounds what is on the way.
constexpr std::uint32_t kStreamWindow = 32U << 20U;
constexpr std::int32_t kConnectionWindow = 64 << 20;
// Of our own, below what servers usually allow (100 is the least that RFC 9113 recommends).
constexpr std::size_t kMaxActive = 100;

struct Stream {
  Exchange* exchange = nullptr;
  std::size_t head_bytes = 0;
  std::size_t body_sent = 0;
  bool head_done = false;
  std::string problem;  // why we ended it
};

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

// The fields of one request; what they point to lives as long as they do.
class Fields {
 public:
  explicit Fields(const Exchange& exchange) {
    const Url& url = exchange.url;
    add(":method", exchange.method);
    add(":scheme", "https");
    add(":authority", url.authority());
    add(":path", url.path_and_query(), NGHTTP2_NV_FLAG_NO_INDEX);
    bool agent = false;
    bool accept = false;
    for (const Header* header : exchange.headers) {
      std::string name = lower_case(header->name);
      agent = agent || name == "user-agent";
      accept = accept || name == "accept";
      // Never into the table of either side (RFC 7541 section 7.1.3).
      add(std::move(name), header->value.reveal(), NGHTTP2_NV_FLAG_NO_INDEX);
    }
    if (!agent) {
      add("user-agent", user_agent());
    }
    if (!accept) {
      add("accept", "*/*");
    }
    if (exchange.body != nullptr) {
      add("content-length", fmt::format("{}", exchange.body->size()));
    }
  }
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  Fields(Fields&&) = delete;
  Fields& operator=(Fields&&) = delete;
  ~Fields() {
    for (auto& [name, text] : texts_) {
      target::wipe(text.first);
    }
  }

  [[nodiscard]] std::vector<nghttp2_nv> list() {
    std::vector<nghttp2_nv> fields;
    for (auto& [name, text] : texts_) {
      // nghttp2's structure has no const, and writes to neither.
      fields.push_back({.name = reinterpret_cast<std::uint8_t*>(name.data()),
                        .value = reinterpret_cast<std::uint8_t*>(text.first.data()),
                        .namelen = name.size(),
                        .valuelen = text.first.size(),
                        .flags = text.second});
    }
    return fields;
  }

 private:
  void add(std::string name, std::string text, std::uint8_t flags = NGHTTP2_NV_FLAG_NONE) {
    texts_.emplace_back(std::move(name), std::pair(std::move(text), flags));
  }

  std::vector<std::pair<std::string, std::pair<std::string, std::uint8_t>>> texts_;
};

class Http2 final : public HttpSession {
 public:
  explicit Http2(const AnswerLimits& limits) : limits_(limits) {
    nghttp2_session_callbacks* made = nullptr;
    MEDIC_CHECK(nghttp2_session_callbacks_new(&made) == 0);
    const Handle<nghttp2_session_callbacks, nghttp2_session_callbacks_del> callbacks(made);
    nghttp2_session_callbacks_set_on_header_callback(made, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, on_close);
    nghttp2_session* session = nullptr;
    MEDIC_CHECK(nghttp2_session_client_new(&session, made, this) == 0);
    session_.reset(session);
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kMaxHeadBytes}};
    MEDIC_CHECK(
        nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, std::size(settings)) == 0);
    MEDIC_CHECK(nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0,
                                                      kConnectionWindow) == 0);
  }

  [[nodiscard]] bool has_room() const override {
    const std::size_t allowed = nghttp2_session_get_remote_settings(
        session_.get(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
    return !is_closing() && streams_.size() < std::min(allowed, kMaxActive);
  }
  [[nodiscard]] bool is_closing() const override {
    return closing_ || nghttp2_session_check_request_allowed(session_.get()) == 0;
  }
  [[nodiscard]] std::size_t active() const override { return streams_.size(); }

  void submit(Exchange& exchange) override {
    Fields fields(exchange);
    const std::vector<nghttp2_nv> list = fields.list();
    nghttp2_data_provider body{.source = {.ptr = this}, .read_callback = read_body};
    const std::int32_t id =
        nghttp2_submit_request(session_.get(), nullptr, list.data(), list.size(),
                               exchange.body != nullptr ? &body : nullptr, nullptr);
    if (id < 0) {
      exchange.failure =
          Failure{.kind = FailureKind::BadAnswer, .detail = nghttp2_strerror(id), .unread = true};
      finished_.push_back(&exchange);
      return;
    }
    streams_[id] = Stream{.exchange = &exchange};
  }

  void feed(ByteView bytes, Instant now) override {
    now_ = now;
    const ssize_t used = nghttp2_session_mem_recv(session_.get(), bytes.data(), bytes.size());
    if (used < 0) {
      give_up({.kind = FailureKind::BadAnswer, .detail = nghttp2_strerror(static_cast<int>(used))});
    } else if (nghttp2_session_want_read(session_.get()) == 0 &&
               nghttp2_session_want_write(session_.get()) == 0) {
      end(End::Cut);
    }
  }

  void end(End how) override {
    give_up({.kind = FailureKind::Closed,
             .detail = how == End::Reset ? "connection reset" : "connection closed",
             .may_heal = how == End::Reset});
  }

  std::string take_output() override {
    std::string out;
    while (true) {
      const std::uint8_t* bytes = nullptr;
      const ssize_t count = nghttp2_session_mem_send(session_.get(), &bytes);
      if (count <= 0) {
        return out;
      }
      out += as_text({bytes, static_cast<std::size_t>(count)});
    }
  }
  std::vector<Exchange*> take_finished() override { return std::exchange(finished_, {}); }

 private:
  Stream* find(std::int32_t id) {
    const auto at = streams_.find(id);
    return at == streams_.end() ? nullptr : &at->second;
  }

  void finish(std::int32_t id, std::optional<Failure> failure) {
    const auto at = streams_.find(id);
    if (at == streams_.end()) {
      return;
    }
    at->second.exchange->failure = std::move(failure);
    finished_.push_back(at->second.exchange);
    streams_.erase(at);
  }

  void give_up(Failure failure) {
    closing_ = true;
    while (!streams_.empty()) {
      failure.unread = !streams_.begin()->second.exchange->first_byte;
      finish(streams_.begin()->first, failure);
    }
  }

  int refuse(std::int32_t id, Stream& stream, std::string problem) {
    stream.problem = std::move(problem);
    return nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
  }

  int header(std::int32_t id, std::string_view name, std::string_view value) {
    Stream* const stream = find(id);
    if (stream == nullptr || stream->head_done) {
      return 0;  // trailers are passed over
    }
    Answer& answer = stream->exchange->answer;
    if (!stream->exchange->first_byte) {
      stream->exchange->first_byte = now_;
    }
    stream->head_bytes += name.size() + value.size() + 32;  // as RFC 9113 section 6.5.2 counts
    if (stream->head_bytes > kMaxHeadBytes) {
      return stream->problem.empty() ? refuse(id, *stream, "header limit exceeded") : 0;
    }
    if (name == ":status") {
      // nghttp2 has checked that these are three digits.
      std::from_chars(value.data(), value.data() + value.size(), answer.status);
      answer.version = "2";
    } else {
      answer.headers.emplace_back(name, value);
    }
    return 0;
  }

  // A whole header block has arrived.
  void head(std::int32_t id) {
    Stream* const stream = find(id);
    if (stream == nullptr || stream->head_done) {
      return;
    }
    if (stream->exchange->answer.status / 100 == 1) {
      stream->exchange->answer = Answer();
    } else {
      stream->head_done = true;
    }
  }

  int data(std::int32_t id, ByteView bytes) {
    Stream* const stream = find(id);
    if (stream == nullptr) {
      return 0;
    }
    Bytes& body = stream->exchange->answer.body;
    if (body.size() + bytes.size() > limits_.body_bytes) {
      return stream->problem.empty() ? refuse(id, *stream, "body limit exceeded") : 0;
    }
    body.insert(body.end(), bytes.begin(), bytes.end());
    return 0;
  }

  void closed(std::int32_t id, std::uint32_t code) {
    Stream* const stream = find(id);
    if (stream == nullptr) {
      return;
    }
    if (!stream->problem.empty()) {
      finish(id, Failure{.kind = FailureKind::BadAnswer, .detail = stream->problem});
    } else if (code == NGHTTP2_NO_ERROR && stream->head_done) {
      finish(id, std::nullopt);
    } else {
      finish(id,
             Failure{.kind = FailureKind::Closed,
                     .detail = fmt::format("HTTP/2 stream error {}", nghttp2_http2_strerror(code)),
                     // RFC 9113 section 8.7: it was not processed.
                     .unread = code == NGHTTP2_REFUSED_STREAM});
    }
  }

  // NOLINTBEGIN(readability-function-size): these signatures are nghttp2's.
  static Http2& self(void* user) { return *static_cast<Http2*>(user); }
  static std::string_view text(const std::uint8_t* bytes, std::size_t size) {
    return as_text({bytes, size});
  }
  static int on_header(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                       const std::uint8_t* name, std::size_t name_size, const std::uint8_t* value,
                       std::size_t value_size, std::uint8_t /*flags*/, void* user) {
    return self(user).header(frame->hd.stream_id, text(name, name_size), text(value, value_size));
  }
  static int on_data(nghttp2_session* /*session*/, std::uint8_t /*flags*/, std::int32_t id,
                     const std::uint8_t* bytes, std::size_t size, void* user) {
    return self(user).data(id, {bytes, size});
  }
  static int on_frame(nghttp2_session* /*session*/, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type == NGHTTP2_HEADERS && (frame->hd.flags & NGHTTP2_FLAG_END_HEADERS) != 0) {
      self(user).head(frame->hd.stream_id);
    } else if (frame->hd.type == NGHTTP2_GOAWAY) {
      self(user).closing_ = true;
    }
    return 0;
  }
  static int on_close(nghttp2_session* /*session*/, std::int32_t id, std::uint32_t code,
                      void* user) {
    self(user).closed(id, code);
    return 0;
  }
  static ssize_t read_body(nghttp2_session* /*session*/, std::int32_t id, std::uint8_t* out,
                           std::size_t room, std::uint32_t* flags, nghttp2_data_source* source,
                           void* /*user*/) {
    Stream* const stream = self(source->ptr).find(id);
    if (stream == nullptr) {
      return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    }
    const ByteView rest = ByteView(*stream->exchange->body).subspan(stream->body_sent);
    const std::size_t count = std::min(room, rest.size());
    std::copy_n(rest.begin(), count, out);
    stream->body_sent += count;
    if (count == rest.size()) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
    }
    return static_cast<ssize_t>(count);
  }
  // NOLINTEND(readability-function-size)

  AnswerLimits limits_;
  Handle<nghttp2_session, nghttp2_session_del> session_;
  std::map<std::int32_t, Stream> streams_;
  std::vector<Exchange*> finished_;
  bool closing_ = false;
  Instant now_{};
};

}  // namespace

std::unique_ptr<HttpSession> make_http2(const AnswerLimits& limits) {
  return std::make_unique<Http2>(limits);
}

}  // namespace medic::request
