#include "tests/request/https_server.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

#include "base/check.h"
#include "base/time.h"
#include "lab/openssl_ptr.h"

namespace medic::request {
namespace {

using lab::Connection;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

// A stream of plain bytes, with or without TLS below it.
class Stream {
 public:
  explicit Stream(Connection& connection) : connection_(connection) {}
  Stream(Connection& connection, SSL* ssl) : connection_(connection), ssl_(ssl) {}

  std::string read() {
    if (ssl_ == nullptr) {
      return connection_.read_some();
    }
    std::string bytes(16384, '\0');
    while (true) {
      const int count = SSL_read(ssl_, bytes.data(), static_cast<int>(bytes.size()));
      if (count > 0) {
        bytes.resize(static_cast<std::size_t>(count));
        return bytes;
      }
      if (!again(count)) {
        return {};
      }
    }
  }

  bool write(std::string_view bytes) {
    if (ssl_ == nullptr) {
      return connection_.write(bytes);
    }
    while (!bytes.empty()) {
      const int count = SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
      if (count > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
      } else if (!again(count)) {
        return false;
      }
    }
    return true;
  }

  bool again(int result) {
    const int error = SSL_get_error(ssl_, result);
    return (error == SSL_ERROR_WANT_READ && connection_.wait_readable()) ||
           (error == SSL_ERROR_WANT_WRITE && connection_.wait_writable());
  }

 private:
  Connection& connection_;
  SSL* ssl_ = nullptr;
};

using Answer = std::function<Reply(Asked)>;

// One request of HTTP/1.1; false: the client is done.
bool read_request(Stream& stream, std::string& buffer, Asked& asked) {
  while (buffer.find("\r\n\r\n") == std::string::npos) {
    const std::string more = stream.read();
    if (more.empty()) {
      return false;
    }
    buffer += more;
  }
  const std::size_t head_end = buffer.find("\r\n\r\n");
  std::string head = buffer.substr(0, head_end);
  buffer.erase(0, head_end + 4);
  const std::size_t line_end = std::min(head.find("\r\n"), head.size());
  const std::string line = head.substr(0, line_end);
  asked.method = line.substr(0, line.find(' '));
  asked.path = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
  head.erase(0, std::min(line_end + 2, head.size()));
  std::size_t length = 0;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string field = head.substr(0, end);
    const std::size_t colon = field.find(':');
    asked.headers.emplace_back(lower(field.substr(0, colon)), field.substr(colon + 2));
    head.erase(0, std::min(end + 2, head.size()));
  }
  const std::string text = asked.header("content-length");
  std::from_chars(text.data(), text.data() + text.size(), length);
  while (buffer.size() < length) {
    const std::string more = stream.read();
    if (more.empty()) {
      return false;
    }
    buffer += more;
  }
  asked.body = buffer.substr(0, length);
  buffer.erase(0, length);
  return true;
}

Reply::After serve_http1(Stream& stream, Asked asked, const Answer& answer) {
  std::string buffer;
  const Asked blank = asked;
  while (read_request(stream, buffer, asked)) {
    const bool head = asked.method == "HEAD";
    const Reply reply = answer(std::exchange(asked, blank));
    if (reply.status != 0) {
      std::string text = fmt::format("HTTP/1.1 {} Status\r\n", reply.status);
      bool framed = false;
      for (const auto& [name, value] : reply.headers) {
        text += fmt::format("{}: {}\r\n", name, value);
        framed = framed || lower(name) == "transfer-encoding" || lower(name) == "content-length";
      }
      if (!framed && reply.after == Reply::After::KeepOpen) {
        text += fmt::format("Content-Length: {}\r\n", reply.body.size());
      }
      if (!stream.write(text + "\r\n" + (head ? "" : reply.body))) {
        break;
      }
    }
    if (reply.after != Reply::After::KeepOpen) {
      return reply.after;
    }
  }
  return Reply::After::Close;
}

// HTTP/2 as nghttp2's server does it.
struct H2 {
  Asked blank;
  const Answer& answer;
  std::map<std::int32_t, Asked> open{};
  std::map<std::int32_t, std::pair<std::string, std::size_t>> bodies{};
  Reply::After after = Reply::After::KeepOpen;
};

int h2_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
              std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
              std::uint8_t, void* user) {
  H2& h2 = *static_cast<H2*>(user);
  Asked& asked = h2.open.try_emplace(frame->hd.stream_id, h2.blank).first->second;
  const std::string key(as_text({name, name_size}));
  const std::string text(as_text({value, value_size}));
  if (key == ":method") {
    asked.method = text;
  } else if (key == ":path") {
    asked.path = text;
  } else {
    asked.headers.emplace_back(key, text);
  }
  return 0;
}

int h2_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
            std::size_t size, void* user) {
  static_cast<H2*>(user)->open[id].body += as_text({bytes, size});
  return 0;
}

ssize_t h2_body(nghttp2_session*, std::int32_t id, std::uint8_t* out, std::size_t room,
                std::uint32_t* flags, nghttp2_data_source* source, void*) {
  auto& [body, at] = static_cast<H2*>(source->ptr)->bodies[id];
  const std::size_t count = std::min(room, body.size() - at);
  std::copy_n(body.data() + at, count, out);
  at += count;
  if (at == body.size()) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
  }
  return static_cast<ssize_t>(count);
}

int h2_frame(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
  H2& h2 = *static_cast<H2*>(user);
  const bool request = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
  if (!request || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) {
    return 0;
  }
  const std::int32_t id = frame->hd.stream_id;
  Reply reply = h2.answer(h2.open[id]);
  h2.after = reply.after;
  if (reply.status == 0) {
    if (reply.after == Reply::After::KeepOpen) {
      nghttp2_submit_rst_stream(session, 0, id, NGHTTP2_REFUSED_STREAM);
    }
    return 0;
  }
  reply.headers.insert(reply.headers.begin(), {":status", fmt::format("{}", reply.status)});
  std::vector<nghttp2_nv> fields;
  for (auto& [name, value] : reply.headers) {
    fields.push_back({reinterpret_cast<std::uint8_t*>(name.data()),
                      reinterpret_cast<std::uint8_t*>(value.data()), name.size(), value.size(), 0});
  }
  h2.bodies[id] = {std::move(reply.body), 0};
  nghttp2_data_provider body{.source = {.ptr = &h2}, .read_callback = h2_body};
  nghttp2_submit_response(session, id, fields.data(), fields.size(), &body);
  return 0;
}

Reply::After serve_http2(Stream& stream, Asked asked, const Answer& answer) {
  H2 h2{.blank = std::move(asked), .answer = answer};
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, h2_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, h2_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, h2_frame);
  nghttp2_session* session = nullptr;
  nghttp2_session_server_new(&session, callbacks, &h2);
  nghttp2_submit_settings(session, 0, nullptr, 0);
  for (std::string bytes = "x"; !bytes.empty() && h2.after == Reply::After::KeepOpen;) {
    const std::uint8_t* out = nullptr;
    for (ssize_t count = 1; count > 0;) {
      count = nghttp2_session_mem_send(session, &out);
      if (count > 0) {
        stream.write(as_text({out, static_cast<std::size_t>(count)}));
      }
    }
    bytes = stream.read();
    const ByteView view = as_bytes(bytes);
    if (nghttp2_session_mem_recv(session, view.data(), view.size()) < 0) {
      break;
    }
  }
  nghttp2_session_del(session);
  nghttp2_session_callbacks_del(callbacks);
  return h2.after;
}

int choose(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
           unsigned offered_size, void* wanted) {
  const auto& want = *static_cast<const std::string*>(wanted);
  const int found =
      SSL_select_next_proto(const_cast<unsigned char**>(out), out_size,
                            reinterpret_cast<const unsigned char*>(want.data()),
                            static_cast<unsigned>(want.size()), offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

std::string Asked::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

HttpsServer::HttpsServer(Speaks speaks, std::function<Reply(const Asked&)> answer)
    : speaks_(speaks),
      answer_(std::move(answer)),
      root_(lab::make_self_signed(lab::root_recipe("Request Root", SystemClock().now()),
                                  lab::shared_keys().key(lab::KeyKind::P256, 3))),
      leaf_(lab::make_certificate(lab::leaf_recipe(kServerHost, SystemClock().now()),
                                  lab::shared_keys().key(lab::KeyKind::P256, 4), root_)) {
  const auto taken = host_.listen("127.0.0.1", 0, [this](Connection& c) { serve(c); });
  MEDIC_CHECK(taken.has_value());
  port = *taken;
  MEDIC_CHECK(host_.start().has_value());
}

std::string HttpsServer::url(std::string_view path) const {
  return fmt::format("https://{}:{}{}", kServerHost, port, path);
}

std::vector<Asked> HttpsServer::asked() const {
  const std::scoped_lock lock(mutex_);
  return asked_;
}

Reply HttpsServer::answer(Asked asked) {
  const std::scoped_lock lock(mutex_);
  asked_.push_back(std::move(asked));
  return answer_(asked_.back());
}

void HttpsServer::serve(Connection& connection) {
  const Answer answer = [this](Asked asked) { return this->answer(std::move(asked)); };
  Asked asked{.protocol = "plain", .connection = connection.ordinal()};
  if (speaks_ == Speaks::Plain) {
    Stream stream(connection);
    serve_http1(stream, std::move(asked), answer);
    connection.finish();
    return;
  }
  const lab::SslCtxPtr context(SSL_CTX_new(TLS_server_method()));
  const unsigned char* at = leaf_.der.data();
  const lab::X509Ptr shown(d2i_X509(nullptr, &at, static_cast<long>(leaf_.der.size())));
  SSL_CTX_use_certificate(context.get(), shown.get());
  SSL_CTX_use_PrivateKey(context.get(), leaf_.key.handle());
  std::string wanted = speaks_ == Speaks::Http2 ? "\x02h2" : "\x08http/1.1";
  SSL_CTX_set_alpn_select_cb(context.get(), choose, &wanted);
  const lab::SslPtr ssl(SSL_new(context.get()));
  fcntl(connection.fd(), F_SETFL, O_NONBLOCK);
  SSL_set_fd(ssl.get(), connection.fd());
  Stream stream(connection, ssl.get());
  for (int done = 0; done <= 0;) {
    done = SSL_accept(ssl.get());
    if (done <= 0 && !stream.again(done)) {
      return;
    }
  }
  const bool h2 = speaks_ == Speaks::Http2;
  asked.protocol = h2 ? "h2" : "http/1.1";
  const Reply::After after = h2 ? serve_http2(stream, std::move(asked), answer)
                                : serve_http1(stream, std::move(asked), answer);
  if (after == Reply::After::Reset) {
    connection.reset();
  } else {
    SSL_shutdown(ssl.get());
    connection.finish();
  }
}

}  // namespace medic::request
