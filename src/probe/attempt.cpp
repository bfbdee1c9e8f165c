#include "probe/attempt.h"

#include <fmt/core.h>

#include <boost/asio/write.hpp>
#include <utility>

#include "probe/protocol.h"
#include "target/target.h"

namespace medic::probe {
namespace {

namespace asio = boost::asio;
using evidence::Phase;

constexpr std::size_t kMaxFirstBytes = 64;
// After a handshake the answer to HEAD is a courtesy; its absence is no failure.
constexpr std::chrono::milliseconds kHttpPatience{3000};
constexpr std::size_t kMaxHttpBody = 4096;

TlsSettings settings_for(const evidence::ProbeSpec& spec, const Route& route) {
  return {.sni = spec.sni,
          .min_version = spec.min_version,
          .max_version = spec.max_version,
          .offer = spec.offer,
          .hello = spec.hello,
          .alpn = spec.http ? "http/1.1" : "",
          .identity = spec.client_certificate ? route.identity : nullptr};
}

std::string connect_reason(const boost::system::error_code& error) {
  if (error == asio::error::connection_refused) {
    return "refused";
  }
  if (error == asio::error::network_unreachable || error == asio::error::host_unreachable) {
    return "unreachable";
  }
  return error == asio::error::timed_out ? "timeout" : "other";
}

}  // namespace

Attempt::Attempt(asio::io_context& loop, const evidence::ProbeSpec& spec, Route route,
                 std::function<void()> done)
    : socket_(loop), deadline_(loop), route_(std::move(route)), done_(std::move(done)) {
  facts_.spec = spec;
  facts_.peer = route_.endpoint.address().to_string();
}

void Attempt::start() {
  started_ = Clock::now();
  deadline_.expires_after(std::chrono::milliseconds{facts_.spec.deadline_ms});
  deadline_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) {
      self->timed_out();
    }
  });
  socket_.async_connect(route_.endpoint,
                        [self = shared_from_this()](const boost::system::error_code& error) {
                          self->connected(error);
                        });
}

void Attempt::cancel() {
  if (!finished_) {
    finish(evidence::NotConnected{.reason = "other", .detail = "stopped"});
  }
}

std::chrono::microseconds Attempt::elapsed() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
}

Phase Attempt::phase() const {
  switch (stage_) {
    case Stage::Connect:
      return Phase::Connect;
    case Stage::ProxyTls:
    case Stage::Proxy:
      return Phase::Proxy;
    case Stage::StartTls:
      return Phase::StartTls;
    case Stage::Handshake:
      return Phase::Handshake;
    case Stage::Http:
      return Phase::AfterHandshake;
  }
  return Phase::Handshake;
}

void Attempt::connected(const boost::system::error_code& error) {
  if (finished_) {
    return;
  }
  facts_.tcp_connect = elapsed();
  if (error) {
    finish(evidence::NotConnected{.reason = connect_reason(error), .detail = error.message()});
    return;
  }
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (route_.proxy != nullptr && route_.proxy->kind == target::ProxyKind::Https) {
    stage_ = Stage::ProxyTls;
    const auto literal = target::parse_host(route_.proxy->host);
    const bool named = literal && literal->kind == target::HostKind::Dns;
    outer_ = std::make_unique<TlsClient>(
        TlsSettings{.sni = named ? std::optional(route_.proxy->host) : std::nullopt}, outer_facts_);
    outer_->start();
    flush();
  } else if (route_.proxy != nullptr) {
    begin_tunnel();
  } else {
    begin_starttls();
  }
  if (!finished_) {
    read();
  }
}

void Attempt::read() {
  socket_.async_read_some(
      asio::buffer(buffer_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
        if (self->finished_) {
          return;
        }
        if (error) {
          self->wire_closed(error);
          return;
        }
        self->facts_.bytes_received += static_cast<std::uint32_t>(count);
        self->wire_bytes(ByteView(self->buffer_).first(count));
        if (!self->finished_) {
          self->read();
        }
      });
}

void Attempt::wire_bytes(ByteView bytes) {
  if (outer_ == nullptr) {
    plain_bytes(bytes);
  } else {
    outer_bytes(bytes);
  }
}

// TLS to the proxy, around everything else.
void Attempt::outer_bytes(ByteView bytes) {
  if (!outer_is_tls_) {
    first_ += as_text(bytes.first(std::min(bytes.size(), kMaxFirstBytes)));
    if (first_bytes_of(as_bytes(first_)) == FirstBytes::SomethingElse) {
      finish(
          evidence::ProxyRefused{.reason = "the proxy does not speak TLS", .body_excerpt = first_});
      return;
    }
    outer_is_tls_ = first_bytes_of(as_bytes(first_)) == FirstBytes::TlsRecord;
  }
  outer_->feed(bytes);
  flush();
  if (outer_->state() == TlsClient::State::Established && stage_ == Stage::ProxyTls) {
    first_.clear();
    begin_tunnel();
  }
  if (finished_) {
    return;
  }
  const Bytes plain = outer_->take_plain();
  if (!plain.empty()) {
    plain_bytes(plain);
  } else if (outer_->state() == TlsClient::State::Ended) {
    finish(evidence::ProxyRefused{.reason = "TLS to the proxy failed"});
  }
}

void Attempt::wire_closed(const boost::system::error_code& error) {
  if (stage_ == Stage::Http) {
    finish(evidence::Completed{});
    return;
  }
  const bool reset = error != asio::error::eof;
  if (tunnel_ != nullptr && stage_ == Stage::Proxy) {
    tunnel_->end();
    finish(tunnel_->refusal());
    return;
  }
  if (stage_ == Stage::ProxyTls) {
    finish(evidence::ProxyRefused{.reason = reset ? "the proxy reset the connection"
                                                  : "the proxy closed the connection"});
    return;
  }
  if (!first_.empty() && !is_tls_) {
    finish(evidence::NotTls{.first_bytes = first_.substr(0, kMaxFirstBytes),
                            .protocol = recognised_protocol(as_bytes(first_))});
    return;
  }
  finish(evidence::Closed{.phase = phase(), .reset = reset});
}

void Attempt::plain_bytes(ByteView bytes) {
  switch (stage_) {
    case Stage::Connect:
    case Stage::ProxyTls:
      return;
    case Stage::Proxy:
      tunnel_bytes(bytes);
      return;
    case Stage::StartTls:
      dialogue_bytes(bytes);
      return;
    case Stage::Handshake:
    case Stage::Http:
      tls_bytes(bytes);
      return;
  }
}

void Attempt::begin_tunnel() {
  stage_ = Stage::Proxy;
  tunnel_ = make_tunnel(*route_.proxy, route_.host, route_.port);
  const std::string out = tunnel_->take_output();
  send(as_bytes(out));
}

void Attempt::tunnel_bytes(ByteView bytes) {
  tunnel_->feed(bytes);
  const std::string out = tunnel_->take_output();
  send(as_bytes(out));
  if (tunnel_->state() == Tunnel::State::Refused) {
    finish(tunnel_->refusal());
    return;
  }
  if (tunnel_->state() == Tunnel::State::Open) {
    facts_.proxy_ready = elapsed();
    const std::string rest = tunnel_->take_rest();
    begin_starttls();
    if (!rest.empty() && !finished_) {
      plain_bytes(as_bytes(rest));
    }
  }
}

void Attempt::begin_starttls() {
  if (facts_.spec.starttls.empty()) {
    begin_tls();
    return;
  }
  stage_ = Stage::StartTls;
  const StartTls* protocol = find_starttls(facts_.spec.starttls);
  if (protocol == nullptr) {
    finish(evidence::StartTlsRefused{
        .reason = fmt::format("unknown protocol '{}'", escaped(facts_.spec.starttls, 40))});
    return;
  }
  dialogue_ = std::make_unique<Dialogue>(*protocol, route_.host);
  const std::string out = dialogue_->take_output();
  send(as_bytes(out));
}

void Attempt::dialogue_bytes(ByteView bytes) {
  dialogue_->feed(bytes);
  const std::string out = dialogue_->take_output();
  send(as_bytes(out));
  if (dialogue_->state() == Dialogue::State::Refused) {
    finish(evidence::StartTlsRefused{.reason = dialogue_->reason(),
                                     .transcript = dialogue_->transcript()});
  } else if (dialogue_->state() == Dialogue::State::Ready) {
    facts_.starttls_ready = elapsed();
    begin_tls();
  }
}

void Attempt::begin_tls() {
  stage_ = Stage::Handshake;
  client_ = std::make_unique<TlsClient>(settings_for(facts_.spec, route_), facts_);
  client_->start();
  const Bytes hello = client_->take_output();
  facts_.client_hello_bytes = static_cast<std::uint32_t>(hello.size());
  hello_sent_ = Clock::now();
  send(hello);
}

void Attempt::tls_bytes(ByteView bytes) {
  if (!facts_.first_reply) {
    facts_.first_reply =
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - hello_sent_);
  }
  if (is_tls_) {
    client_->feed(bytes);
    pump();
    return;
  }
  first_ += as_text(bytes);
  switch (first_bytes_of(as_bytes(first_))) {
    case FirstBytes::TooFewToSay:
      return;
    case FirstBytes::SomethingElse:
      finish(evidence::NotTls{.first_bytes = first_.substr(0, kMaxFirstBytes),
                              .protocol = recognised_protocol(as_bytes(first_))});
      return;
    case FirstBytes::TlsRecord:
      is_tls_ = true;
      client_->feed(as_bytes(first_));
      first_.clear();
      pump();
      return;
  }
}

void Attempt::pump() {
  send(client_->take_output());
  if (client_->state() == TlsClient::State::Established && stage_ == Stage::Handshake) {
    if (!facts_.spec.http) {
      finish(evidence::Completed{});
      return;
    }
    stage_ = Stage::Http;
    http_.emplace(HttpReader::Content::HeadOnly, kMaxHttpBody);
    const std::string request = fmt::format(
        "HEAD / HTTP/1.1\r\nHost: {}\r\nUser-Agent: tlsmedic\r\nAccept: */*\r\n"
        "Connection: close\r\n\r\n",
        route_.port == 443 ? target::authority_text(route_.host, 443)
                                 .substr(0, target::authority_text(route_.host, 443).rfind(':'))
                           : target::authority_text(route_.host, route_.port));
    client_->write(as_bytes(request));
    send(client_->take_output());
    deadline_.expires_after(std::min<std::chrono::milliseconds>(
        kHttpPatience, std::chrono::milliseconds{facts_.spec.deadline_ms}));
    deadline_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error) {
        self->timed_out();
      }
    });
  }
  if (stage_ == Stage::Http) {
    http_bytes();
    if (finished_) {
      return;
    }
  }
  if (client_->state() == TlsClient::State::Ended) {
    if (client_->outcome()) {
      finish(*client_->outcome());
    } else if (stage_ == Stage::Http) {
      finish(evidence::Completed{});
    } else {
      finish(evidence::Closed{.phase = phase()});
    }
  }
}

void Attempt::http_bytes() {
  const Bytes plain = client_->take_plain();
  if (!plain.empty()) {
    http_->feed(plain);
  }
  if (http_->state() == HttpReader::State::Done || http_->state() == HttpReader::State::Body) {
    evidence::HttpAnswer answer{.status = http_->status(),
                                .location = std::string(http_->header("location").substr(0, 512)),
                                .server = std::string(http_->header("server").substr(0, 128))};
    if (const auto date = parse_http_date(http_->header("date"))) {
      answer.date = *date;
    }
    facts_.http = std::move(answer);
    finish(evidence::Completed{});
  } else if (http_->state() == HttpReader::State::Bad) {
    finish(evidence::Completed{});
  }
}

void Attempt::send(ByteView bytes) {
  if (bytes.empty() || finished_) {
    return;
  }
  if (outer_ != nullptr) {
    outer_->write(bytes);
    flush();
    return;
  }
  facts_.bytes_sent += static_cast<std::uint32_t>(bytes.size());
  pending_ += as_text(bytes);
  flush();
}

void Attempt::flush() {
  if (outer_ != nullptr) {
    const Bytes wire = outer_->take_output();
    facts_.bytes_sent += static_cast<std::uint32_t>(wire.size());
    pending_ += as_text(wire);
  }
  if (writing_ || pending_.empty() || finished_) {
    return;
  }
  writing_ = true;
  writing_bytes_ = std::exchange(pending_, {});
  asio::async_write(
      socket_, asio::buffer(writing_bytes_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t /*count*/) {
        self->writing_ = false;
        // A failed write shows as a failed read, with what the peer said before it.
        if (!error) {
          self->flush();
        }
      });
}

void Attempt::timed_out() {
  if (finished_) {
    return;
  }
  if (stage_ == Stage::Http) {
    finish(evidence::Completed{});
  } else if (!first_.empty() && !is_tls_ && stage_ == Stage::Handshake) {
    finish(evidence::NotTls{.first_bytes = first_.substr(0, kMaxFirstBytes),
                            .protocol = recognised_protocol(as_bytes(first_))});
  } else {
    finish(evidence::TimedOut{.phase = phase(),
                              .after = std::chrono::milliseconds{facts_.spec.deadline_ms}});
  }
}

void Attempt::finish(evidence::Outcome outcome) {
  if (finished_) {
    return;
  }
  // close_notify or our alert still goes out, without waiting for it.
  if (client_ != nullptr) {
    client_->end();
    const Bytes last = client_->take_output();
    boost::system::error_code ignored;
    if (outer_ == nullptr && !writing_ && !last.empty()) {
      socket_.non_blocking(true, ignored);
      static_cast<void>(socket_.write_some(asio::buffer(last), ignored));
    }
  }
  finished_ = true;
  facts_.outcome = std::move(outcome);
  facts_.total = elapsed();
  boost::system::error_code ignored;
  deadline_.cancel();
  socket_.close(ignored);
  done_();
}

}  // namespace medic::probe
