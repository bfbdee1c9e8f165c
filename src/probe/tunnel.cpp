#include "probe/tunnel.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "probe/http_reader.h"
#include "probe/protocol.h"
#include "target/ip_address.h"
#include "target/target.h"

namespace medic::probe {
namespace {

constexpr std::size_t kExcerptBytes = 256;  // bound of evidence::ProxyRefused
constexpr std::size_t kReasonBytes = 200;

class HttpTunnel final : public Tunnel {
 public:
  HttpTunnel(const target::Proxy& proxy, const std::string& host, std::uint16_t port,
             Credentials credentials) {
    const std::string authority = target::authority_text(host, port);
    std::string request = fmt::format(
        "CONNECT {0} HTTP/1.1\r\nHost: {0}\r\nUser-Agent: tlsmedic\r\nProxy-Connection: "
        "keep-alive\r\n",
        authority);
    if (proxy.credentials && credentials == Credentials::Send) {
      request += proxy_authorization(*proxy.credentials);
    }
    send(request + "\r\n");
  }

  void feed(ByteView bytes) override {
    if (refused_.size() < kExcerptBytes) {
      refused_.append(as_text(bytes.first(std::min(bytes.size(), kExcerptBytes))));
    }
    head_.feed(bytes);
    if (head_.state() == HttpReader::State::Done && is_success()) {
      open(head_.rest());
    } else if (head_.rest().size() >= kExcerptBytes && head_.state() != HttpReader::State::Head) {
      end();
    }
  }

  void end() override {
    if (state() != State::Asking) {
      return;
    }
    if (head_.state() == HttpReader::State::Done) {
      refuse({.status = head_.status(),
              .reason = with_scheme(head_.status_line()),
              .body_excerpt = head_.rest().substr(0, kExcerptBytes)});
      return;
    }
    head_.end();
    std::string reason = head_.problem();
    const ByteView start = as_bytes(refused_);
    if (first_bytes_of(start) == FirstBytes::TlsRecord) {
      reason = "the proxy answers in TLS";
    } else if (!refused_.empty()) {
      reason += fmt::format(" ({})", recognised_protocol(start));
    }
    refuse({.status = 0, .reason = reason, .body_excerpt = refused_.substr(0, kExcerptBytes)});
  }

  [[nodiscard]] bool wants_more_text() const override {
    return state() == State::Asking &&
           (head_.state() == HttpReader::State::Done || head_.state() == HttpReader::State::Bad);
  }

 private:
  // RFC 9110 section 9.3.6: a 2xx to CONNECT has no content. One that announces a page is no
  // tunnel.
  [[nodiscard]] bool is_success() const {
    return head_.status() / 100 == 2 && !head_.header("Content-Type").starts_with("text/");
  }

  // "HTTP/1.1 407 ... (Proxy-Authenticate: NTLM)": which schemes it takes decides what helps.
  [[nodiscard]] std::string with_scheme(std::string reason) const {
    const std::string_view scheme = head_.header("Proxy-Authenticate");
    reason.resize(std::min(reason.size(), kReasonBytes));
    if (!scheme.empty()) {
      reason += fmt::format(" (Proxy-Authenticate: {})", scheme.substr(0, kReasonBytes));
    }
    return reason;
  }

  HttpReader head_{HttpReader::Content::HeadOnly, 0};
  std::string refused_;  // the first bytes, in case they are no HTTP
};

class SocksTunnel final : public Tunnel {
 public:
  SocksTunnel(const target::Proxy& proxy, std::string host, std::uint16_t port)
      : host_(std::move(host)), port_(port), credentials_(proxy.credentials) {
    send(credentials_ ? std::string("\x05\x02\x00\x02", 4) : std::string("\x05\x01\x00", 3));
  }

  void feed(ByteView bytes) override {
    buffer_.append(as_text(bytes));
    while (state() == State::Asking && step()) {
    }
  }

  void end() override {
    if (state() != State::Asking) {
      return;
    }
    refuse({.status = 0,
            .reason = buffer_.empty() ? "closed without an answer" : "not a whole SOCKS answer",
            .body_excerpt = buffer_.substr(0, kExcerptBytes)});
  }

  [[nodiscard]] bool wants_more_text() const override { return false; }

 private:
  enum class Stage { Method, Password, Request };

  [[nodiscard]] unsigned octet(std::size_t at) const {
    return static_cast<unsigned char>(buffer_[at]);
  }

  void refuse_as(std::string reason, unsigned status = 0) {
    refuse({.status = static_cast<int>(status),
            .reason = std::move(reason),
            .body_excerpt = buffer_.substr(0, kExcerptBytes)});
  }

  // Consumes one answer; false when it is not all here.
  bool step() {
    if (buffer_.size() < 2) {
      return false;
    }
    switch (stage_) {
      case Stage::Method:
        method();
        return true;
      case Stage::Password:
        password();
        return true;
      case Stage::Request:
        return request();
    }
    return false;
  }

  void method() {
    constexpr unsigned kNone = 0;
    constexpr unsigned kUserPassword = 2;
    if (octet(0) != 5) {
      refuse_as(fmt::format("not a SOCKS5 answer ({})", recognised_protocol(as_bytes(buffer_))));
    } else if (octet(1) == kNone) {
      send_request();
    } else if (octet(1) == kUserPassword && credentials_) {
      // RFC 1929: each field has its length in one octet.
      const std::string user = credentials_->user.reveal().substr(0, 255);
      const std::string secret = credentials_->password.reveal().substr(0, 255);
      send(std::string("\x01") + static_cast<char>(user.size()) + user +
           static_cast<char>(secret.size()) + secret);
      stage_ = Stage::Password;
    } else {
      refuse_as("SOCKS5: the proxy accepts none of the ways to sign in that we have");
    }
    buffer_.erase(0, 2);
  }

  void password() {
    if (octet(1) == 0) {
      send_request();
    } else {
      refuse_as("SOCKS5: the proxy refuses the user name or password");
    }
    buffer_.erase(0, 2);
  }

  void send_request() {
    stage_ = Stage::Request;
    std::string out("\x05\x01\x00", 3);
    if (const auto address = target::parse_ip(host_)) {
      out += address->v6 ? '\x04' : '\x01';
      out += as_text(ByteView(address->octets).first(address->v6 ? 16 : 4));
    } else {
      out += '\x03';
      out += static_cast<char>(host_.size());  // at most 253: target/host.cpp
      out += host_;
    }
    out += static_cast<char>(port_ >> 8U);
    out += static_cast<char>(port_ & 0xFFU);
    send(out);
  }

  bool request() {
    if (octet(0) != 5) {
      refuse_as("not a SOCKS5 answer");
      return true;
    }
    if (octet(1) != 0) {
      refuse_as(reply_text(octet(1)), octet(1));
      return true;
    }
    if (buffer_.size() < 5) {
      return false;
    }
    std::size_t address = 0;
    switch (octet(3)) {
      case 1:
        address = 4;
        break;
      case 3:
        address = 1 + octet(4);
        break;
      case 4:
        address = 16;
        break;
      default:
        refuse_as("not a SOCKS5 answer");
        return true;
    }
    const std::size_t size = 4 + address + 2;
    if (buffer_.size() < size) {
      return false;
    }
    open(buffer_.substr(size));
    return true;
  }

  // RFC 1928 section 6.
  static std::string reply_text(unsigned code) {
    static constexpr const char* kTexts[] = {
        "succeeded",           "general failure",   "not allowed by the ruleset",
        "network unreachable", "host unreachable",  "connection refused",
        "TTL expired",         "command not known", "address type not known"};
    return fmt::format("SOCKS5: {} ({})", code < std::size(kTexts) ? kTexts[code] : "unknown error",
                       code);
  }

  std::string host_;
  std::uint16_t port_;
  std::optional<target::ProxyCredentials> credentials_;
  Stage stage_ = Stage::Method;
  std::string buffer_;
};

}  // namespace

std::string Tunnel::take_output() {
  return std::exchange(output_, {});
}

std::string Tunnel::take_inside() {
  return std::exchange(inside_, {});
}

void Tunnel::open(std::string inside) {
  state_ = State::Open;
  inside_ = std::move(inside);
}

void Tunnel::refuse(evidence::ProxyRefused refusal) {
  state_ = State::Refused;
  refusal_ = std::move(refusal);
}

std::string proxy_authorization(const target::ProxyCredentials& credentials) {
  const std::string pair = credentials.user.reveal() + ":" + credentials.password.reveal();
  return "Proxy-Authorization: Basic " + base64(as_bytes(pair)) + "\r\n";
}

std::unique_ptr<Tunnel> make_tunnel(const target::Proxy& proxy, const std::string& host,
                                    std::uint16_t port, Credentials credentials) {
  if (proxy.kind == target::ProxyKind::Http || proxy.kind == target::ProxyKind::Https) {
    return std::make_unique<HttpTunnel>(proxy, host, port, credentials);
  }
  return std::make_unique<SocksTunnel>(proxy, host, port);
}

}  // namespace medic::probe
