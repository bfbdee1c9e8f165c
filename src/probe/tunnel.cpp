#include "probe/tunnel.h"

#include <fmt/core.h>

#include <utility>

#include "probe/http_reader.h"
#include "target/ip_address.h"
#include "target/target.h"

namespace medic::probe {
namespace {

constexpr std::size_t kMaxExcerpt = 256;

class HttpConnect final : public Tunnel {
 public:
  HttpConnect(const target::Proxy& proxy, const std::string& host, std::uint16_t port)
      : reader_(HttpReader::Content::HeadOnly, kMaxExcerpt) {
    const std::string authority = target::authority_text(host, port);
    output_ = fmt::format("CONNECT {} HTTP/1.1\r\nHost: {}\r\n", authority, authority);
    if (proxy.credentials) {
      const std::string pair =
          proxy.credentials->user.reveal() + ":" + proxy.credentials->password.reveal();
      output_ += fmt::format("Proxy-Authorization: Basic {}\r\n", base64(as_bytes(pair)));
    }
    output_ += "\r\n";
  }

  void feed(ByteView bytes) override {
    reader_.feed(bytes);
    if (reader_.state() == HttpReader::State::Bad) {
      refuse(0, reader_.problem(), reader_.rest());
    } else if (reader_.state() == HttpReader::State::Done) {
      judge();
    }
  }
  void end() override {
    if (state_ == State::Talking) {
      refuse(0, "the proxy closed without an answer", reader_.rest());
    }
  }

 private:
  void judge() {
    const bool success = reader_.status() >= 200 && reader_.status() < 300;
    // RFC 9110 section 9.3.6: a 2xx to CONNECT has no content. One that announces a page is no
    // tunnel.
    const bool page = reader_.header("content-type").starts_with("text/");
    if (success && !page) {
      rest_ = reader_.rest();
      state_ = State::Open;
    } else {
      refuse(reader_.status(), reader_.status_line(), reader_.rest());
    }
  }

  HttpReader reader_;
};

// RFC 1928 section 6, the reply field.
std::string_view socks_reply(std::uint8_t code) {
  constexpr std::string_view kReplies[] = {"succeeded",
                                           "general SOCKS server failure",
                                           "connection not allowed by ruleset",
                                           "network unreachable",
                                           "host unreachable",
                                           "connection refused",
                                           "TTL expired",
                                           "command not supported",
                                           "address type not supported"};
  return code < std::size(kReplies) ? kReplies[code] : "unassigned reply";
}

class Socks5 final : public Tunnel {
 public:
  Socks5(const target::Proxy& proxy, std::string host, std::uint16_t port)
      : proxy_(&proxy), host_(std::move(host)), port_(port) {
    output_ =
        proxy.credentials ? std::string("\x05\x02\x00\x02", 4) : std::string("\x05\x01\x00", 3);
  }

  void feed(ByteView bytes) override {
    buffer_ += as_text(bytes);
    while (state_ == State::Talking && step()) {
    }
  }
  void end() override {
    if (state_ == State::Talking) {
      refuse(0, "the SOCKS server closed without an answer", buffer_);
    }
  }

 private:
  enum class Step { Method, Login, Connect };

  [[nodiscard]] std::uint8_t at(std::size_t i) const {
    return static_cast<std::uint8_t>(buffer_[i]);
  }

  bool step() {
    switch (step_) {
      case Step::Method:
        return method();
      case Step::Login:
        return login();
      case Step::Connect:
        return connected();
    }
    return false;
  }

  bool method() {
    if (buffer_.size() < 2) {
      return false;
    }
    if (at(0) != 5 || (at(1) != 0 && at(1) != 2)) {
      refuse(0, at(0) == 5 ? "SOCKS: no acceptable authentication method" : "not a SOCKS5 answer",
             buffer_);
      return false;
    }
    const bool wants_login = at(1) == 2;
    buffer_.erase(0, 2);
    if (wants_login && !proxy_->credentials) {
      refuse(0, "SOCKS: the server wants a user name and password", {});
      return false;
    }
    if (wants_login) {
      const std::string& user = proxy_->credentials->user.reveal();
      const std::string& password = proxy_->credentials->password.reveal();
      // RFC 1929 section 2: each at most 255 octets.
      output_ += '\x01';
      output_ += static_cast<char>(std::min<std::size_t>(user.size(), 255));
      output_ += user.substr(0, 255);
      output_ += static_cast<char>(std::min<std::size_t>(password.size(), 255));
      output_ += password.substr(0, 255);
      step_ = Step::Login;
    } else {
      ask();
    }
    return true;
  }

  bool login() {
    if (buffer_.size() < 2) {
      return false;
    }
    if (at(1) != 0) {
      refuse(0, "SOCKS: user name or password refused", {});
      return false;
    }
    buffer_.erase(0, 2);
    ask();
    return true;
  }

  void ask() {
    output_ += std::string("\x05\x01\x00", 3);
    const auto address = target::parse_ip(host_);
    if (address) {
      output_ += address->v6 ? '\x04' : '\x01';
      output_ += as_text(ByteView(address->octets).first(address->v6 ? 16 : 4));
    } else {
      output_ += '\x03';
      output_ += static_cast<char>(std::min<std::size_t>(host_.size(), 255));
      output_ += host_.substr(0, 255);
    }
    output_ += static_cast<char>(port_ >> 8U);
    output_ += static_cast<char>(port_ & 0xFFU);
    step_ = Step::Connect;
  }

  bool connected() {
    if (buffer_.size() < 5) {
      return false;
    }
    const std::size_t address = at(3) == 1 ? 4 : at(3) == 4 ? 16 : at(3) == 3 ? 1U + at(4) : 0;
    if (at(0) != 5 || address == 0) {
      refuse(0, "not a SOCKS5 answer", buffer_);
      return false;
    }
    if (at(1) != 0) {
      refuse(0, fmt::format("SOCKS: {}", socks_reply(at(1))), {});
      return false;
    }
    const std::size_t whole = 4 + address + 2;
    if (buffer_.size() < whole) {
      return false;
    }
    rest_ = buffer_.substr(whole);
    state_ = State::Open;
    return false;
  }

  const target::Proxy* proxy_;
  std::string host_;
  std::uint16_t port_;
  Step step_ = Step::Method;
  std::string buffer_;
};

}  // namespace

std::string Tunnel::take_output() {
  return std::exchange(output_, {});
}
std::string Tunnel::take_rest() {
  return std::exchange(rest_, {});
}

void Tunnel::refuse(int status, std::string reason, std::string body) {
  state_ = State::Refused;
  refusal_ = {
      .status = status, .reason = std::move(reason), .body_excerpt = body.substr(0, kMaxExcerpt)};
}

std::unique_ptr<Tunnel> make_tunnel(const target::Proxy& proxy, const std::string& host,
                                    std::uint16_t port) {
  switch (proxy.kind) {
    case target::ProxyKind::Http:
    case target::ProxyKind::Https:
      return std::make_unique<HttpConnect>(proxy, host, port);
    case target::ProxyKind::Socks5:
    case target::ProxyKind::Socks5h:
      return std::make_unique<Socks5>(proxy, host, port);
  }
  return nullptr;
}

}  // namespace medic::probe
