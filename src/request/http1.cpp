// HTTP/1.1 over one connection; the answers are read by Boost.Beast.

#include <fmt/core.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/vector_body.hpp>
#include <optional>
#include <utility>

#include "request/http_session.h"

namespace medic::request {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Parser = http::response_parser<http::vector_body<std::uint8_t>>;

constexpr std::uint32_t kMaxHeadBytes = 64U * 1024U;
constexpr unsigned kMaxInterimAnswers = 16;
constexpr std::size_t kLeastLastChunk = 5;  // "0\r\n\r\n"

bool says(const std::vector<const Header*>& headers, std::string_view name) {
  Answer names;
  for (const Header* header : headers) {
    names.headers.emplace_back(header->name, "x");
  }
  return !names.header(name).empty();
}

// The text of the request, which the caller wipes.
std::string request_text(const Exchange& exchange) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", exchange.method,
                                 exchange.url.path_and_query(), exchange.url.authority());
  if (!says(exchange.headers, "user-agent")) {
    text += fmt::format("User-Agent: {}\r\n", user_agent());
  }
  if (!says(exchange.headers, "accept")) {
    text += "Accept: */*\r\n";
  }
  for (const Header* header : exchange.headers) {
    text += header->name;
    text += ": ";
    text += header->value.reveal();
    text += "\r\n";
  }
  if (exchange.body != nullptr) {
    text += fmt::format("Content-Length: {}\r\n", exchange.body->size());
  } else if (exchange.method == "POST" || exchange.method == "PUT") {
    text += "Content-Length: 0\r\n";  // RFC 9110 section 8.6
  }
  text += "\r\n";
  if (exchange.body != nullptr) {
    text += as_text(*exchange.body);
  }
  return text;
}

class Http1 final : public HttpSession {
 public:
  explicit Http1(const AnswerLimits& limits) : limits_(limits) {}

  [[nodiscard]] bool has_room() const override { return current_ == nullptr && !closing_; }
  [[nodiscard]] bool is_closing() const override { return closing_; }
  [[nodiscard]] std::size_t active() const override { return current_ == nullptr ? 0 : 1; }

  void submit(Exchange& exchange) override {
    current_ = &exchange;
    interim_ = 0;
    expect_answer();
    std::string text = request_text(exchange);
    output_ += text;
    target::wipe(text);
  }

  void feed(ByteView bytes, Instant now) override {
    if (current_ == nullptr) {
      closing_ = closing_ || !bytes.empty();  // nobody asked
      return;
    }
    if (!current_->first_byte) {
      current_->first_byte = now;
    }
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    std::size_t used = 0;
    while (current_ != nullptr && used < buffer_.size()) {
      const std::size_t took = parse(ByteView(buffer_).subspan(used));
      used += took;
      if (took == 0) {
        break;
      }
    }
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(used));
    if (current_ == nullptr && !buffer_.empty()) {
      closing_ = true;  // bytes after the answer
    }
  }

  void end(End how) override {
    closing_ = true;
    if (current_ == nullptr) {
      return;
    }
    boost::system::error_code error;
    const bool read_until_close =
        parser_ && parser_->is_header_done() && !parser_->chunked() && !parser_->content_length();
    if (how == End::Ordered && read_until_close) {
      parser_->put_eof(error);
      if (!error) {
        finish(*parser_);
        return;
      }
    }
    fail_current({.kind = FailureKind::Closed,
                  .detail = how == End::Reset ? "connection reset" : "connection closed",
                  .may_heal = how == End::Reset,
                  .unread = !current_->first_byte});
  }

  std::string take_output() override { return std::exchange(output_, {}); }
  std::vector<Exchange*> take_finished() override { return std::exchange(finished_, {}); }

 private:
  void expect_answer() {
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(kMaxHeadBytes);
    parser_->body_limit(limits_.body_bytes);
    parser_->skip(current_->method == "HEAD");
  }

  // Bytes used.
  std::size_t parse(ByteView bytes) {
    if (!parser_) {
      return 0;
    }
    Parser& parser = *parser_;
    // Beast 1.81 asserts that it sees five octets once it has met the last chunk, however they
    // came; no chunked message ends with fewer.
    if (parser.is_header_done() && parser.chunked() && bytes.size() < kLeastLastChunk) {
      return 0;
    }
    boost::system::error_code error;
    const std::size_t used = parser.put(asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error && error != http::error::need_more) {
      fail_current({.kind = FailureKind::BadAnswer, .detail = error.message()});
      return bytes.size();
    }
    if (parser.is_done()) {
      const int status = static_cast<int>(parser.get().result_int());
      if (status / 100 != 1) {
        finish(parser);
      } else if (status == 101 || ++interim_ > kMaxInterimAnswers) {
        fail_current({.kind = FailureKind::BadAnswer,
                      .detail = fmt::format("an interim answer {} nobody asked for", status)});
      } else {
        expect_answer();
      }
    }
    return used;
  }

  void finish(Parser& parser) {
    closing_ = closing_ || !parser.keep_alive();
    Parser::value_type message = parser.release();
    Answer& answer = current_->answer;
    answer.status = static_cast<int>(message.result_int());
    answer.version = message.version() == 10 ? "1.0" : "1.1";
    for (const auto& field : message) {
      answer.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    answer.body = std::move(message.body());
    finished_.push_back(std::exchange(current_, nullptr));
  }

  void fail_current(Failure failure) {
    closing_ = true;
    current_->failure = std::move(failure);
    finished_.push_back(std::exchange(current_, nullptr));
  }

  AnswerLimits limits_;
  Exchange* current_ = nullptr;
  std::optional<Parser> parser_;
  unsigned interim_ = 0;
  bool closing_ = false;
  Bytes buffer_;
  std::string output_;
  std::vector<Exchange*> finished_;
};

}  // namespace

std::unique_ptr<HttpSession> make_http1(const AnswerLimits& limits) {
  return std::make_unique<Http1>(limits);
}

std::string user_agent() {
  return "tlsmedic/" MEDIC_VERSION;
}

}  // namespace medic::request
