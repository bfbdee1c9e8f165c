#include "request/wire.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "probe/protocol.h"
#include "target/ip_address.h"

namespace medic::request {
namespace {

using probe::Ending;
using probe::TlsClient;
using std::chrono::milliseconds;

Microseconds between(Instant from, Instant to) {
  return std::chrono::duration_cast<Microseconds>(to - from);
}

std::optional<std::string> server_name(const std::string& host) {
  return target::parse_ip(host) ? std::nullopt : std::optional(host);
}

// What TLS ended with, in words.
std::string ending_words(const TlsClient& tls) {
  const auto& outcome = tls.outcome();
  if (!outcome) {
    return "connection closed";
  }
  if (const auto* const alert = std::get_if<evidence::AlertReceived>(&*outcome)) {
    return "alert " + evidence::alert_name(alert->code);
  }
  const auto* const refused = std::get_if<evidence::RefusedByUs>(&*outcome);
  return refused != nullptr ? refused->reason : "connection closed";
}

}  // namespace

Wire::Wire(WirePlan plan, Desk& desk, Instant start)
    : plan_(std::move(plan)),
      desk_(&desk),
      start_(start),
      phase_end_(start + plan_.limits.connect),
      peer_(std::make_shared<Peer>()) {}

Wire::~Wire() = default;

probe::TlsSettings Wire::settings(Judge& judge) const {
  return {.min_version = plan_.min_version, .max_version = plan_.max_version, .judge = &judge};
}

void Wire::connected(const std::string& peer, Instant now) {
  peer_->handshake.peer = peer;
  timings_.connected = between(start_, now);
  allow(plan_.limits.tls, now);
  if (plan_.proxy == nullptr) {
    enter_target();
    if (stage_ == Stage::Http) {
      enter_http(now);
    }
  } else if (plan_.proxy->kind == target::ProxyKind::Https) {
    stage_ = Stage::ProxyTls;
    proxy_judge_ = std::make_unique<Judge>(*plan_.trust, plan_.proxy->host, *plan_.clock);
    probe::TlsSettings outer = settings(*proxy_judge_);
    outer.sni = server_name(plan_.proxy->host);
    outer_ = std::make_unique<TlsClient>(outer, proxy_facts_);
    outer_->start();
  } else {
    enter_tunnel();
  }
}

void Wire::not_connected(const std::string& reason, const std::string& detail, Instant /*now*/) {
  end(Failure{.kind = plan_.proxy == nullptr ? FailureKind::NotConnected : FailureKind::Proxy,
              .detail = reason == "other" ? detail : reason,
              .may_heal = reason == "timeout",
              .unread = true});
}

void Wire::enter_tunnel() {
  stage_ = Stage::Tunnel;
  // An https:// proxy has shown by now that it is who it says.
  tunnel_ = probe::make_tunnel(*plan_.proxy, plan_.tunnel_to.host, plan_.tunnel_to.port,
                               probe::Credentials::Send);
  std::string asked = tunnel_->take_output();
  put(as_bytes(asked));
  target::wipe(asked);
}

void Wire::enter_target() {
  if (plan_.target.security == target::Security::Plain) {
    stage_ = Stage::Http;
  } else {
    enter_tls();
  }
}

void Wire::enter_tls() {
  stage_ = Stage::Hello;
  judge_ = std::make_unique<Judge>(*plan_.trust, plan_.target.host, *plan_.clock);
  probe::TlsSettings inner = settings(*judge_);
  inner.sni = server_name(plan_.target.host);
  inner.alpn = plan_.http == HttpVersions::Both ? "h2,http/1.1" : "http/1.1";
  inner.identity = plan_.identity;
  inner.key_log = plan_.key_log;
  tls_ = std::make_unique<TlsClient>(inner, peer_->handshake);
  tls_->start();
  put(tls_->take_output());
}

void Wire::enter_http(Instant now) {
  stage_ = Stage::Http;
  http2_ = tls_ != nullptr && peer_->handshake.alpn == "h2";
  http_ = http2_ ? make_http2(plan_.answers) : make_http1(plan_.answers);
  desk_->opened(*this);
  pull(now);
}

void Wire::put(ByteView bytes) {
  output_.insert(output_.end(), bytes.begin(), bytes.end());
}

void Wire::pull(Instant now) {
  if (stage_ != Stage::Http) {
    return;
  }
  while (http_->has_room()) {
    Exchange* const exchange = desk_->next(*this);
    if (exchange == nullptr) {
      break;
    }
    http_->submit(*exchange);
    allow(plan_.limits.answer, now);
  }
  if (http_->is_closing() && http_->active() == 0) {
    end(std::nullopt);
  }
}

void Wire::retire() {
  if (tls_ != nullptr && stage_ == Stage::Http) {
    tls_->end();
    put(tls_->take_output());
  }
  if (stage_ != Stage::Done) {
    stage_ = Stage::Done;
  }
}

void Wire::received(ByteView bytes, Instant now) {
  if (outer_ == nullptr) {
    dispatch(bytes, now);
    return;
  }
  if (stage_ == Stage::ProxyTls) {
    proxy_bytes(bytes, now);
    return;
  }
  outer_->feed(bytes);
  const Bytes plain = outer_->take_plain();
  if (!plain.empty()) {
    dispatch(plain, now);
  }
  if (stage_ != Stage::Done && outer_->state() == TlsClient::State::Ended) {
    closed(Ending::Fin, now);
  }
}

void Wire::dispatch(ByteView bytes, Instant now) {
  switch (stage_) {
    case Stage::Tunnel:
      tunnel_bytes(bytes, now);
      break;
    case Stage::Hello:
      hello_bytes(bytes, now);
      break;
    case Stage::Tls:
      tls_bytes(bytes, now);
      break;
    case Stage::Http:
      if (tls_ != nullptr) {
        tls_bytes(bytes, now);
      } else {
        http_bytes(bytes, now);
      }
      break;
    case Stage::Connect:
    case Stage::ProxyTls:
    case Stage::Done:
      break;
  }
}

void Wire::proxy_bytes(ByteView bytes, Instant /*now*/) {
  first_bytes_.insert(first_bytes_.end(), bytes.begin(), bytes.end());
  const probe::FirstBytes kind = probe::first_bytes_of(first_bytes_);
  if (kind == probe::FirstBytes::SomethingElse) {
    end(Failure{.kind = FailureKind::Proxy,
                .detail = fmt::format("the proxy does not speak TLS ({})",
                                      probe::recognised_protocol(first_bytes_)),
                .unread = true});
    return;
  }
  if (kind == probe::FirstBytes::TooFewToSay) {
    return;
  }
  outer_->feed(std::exchange(first_bytes_, {}));
  if (outer_->state() == TlsClient::State::Ended) {
    end_tls(*outer_, *proxy_judge_, FailureKind::Proxy);
  } else if (outer_->is_verified()) {
    enter_tunnel();
  }
}

void Wire::tunnel_bytes(ByteView bytes, Instant now) {
  tunnel_->feed(bytes);
  std::string asked = tunnel_->take_output();
  put(as_bytes(asked));
  target::wipe(asked);
  if (tunnel_->wants_more_text()) {
    tunnel_->end();
  }
  if (tunnel_->state() == probe::Tunnel::State::Refused) {
    end(Failure{
        .kind = FailureKind::Proxy, .detail = escaped(tunnel_->refusal().reason), .unread = true});
  } else if (tunnel_->state() == probe::Tunnel::State::Open) {
    timings_.proxy_ready = between(start_, now);
    const std::string inside = tunnel_->take_inside();
    enter_target();
    if (stage_ == Stage::Http) {
      enter_http(now);
    }
    if (!inside.empty()) {
      dispatch(as_bytes(inside), now);
    }
  }
}

// The first bytes after the ClientHello are looked at before libssl is: "wrong version number" says
// less than the protocol that caused it.
void Wire::hello_bytes(ByteView bytes, Instant now) {
  first_bytes_.insert(first_bytes_.end(), bytes.begin(), bytes.end());
  const probe::FirstBytes kind = probe::first_bytes_of(first_bytes_);
  if (kind == probe::FirstBytes::TlsRecord) {
    stage_ = Stage::Tls;
    const Bytes all = std::exchange(first_bytes_, {});
    tls_bytes(all, now);
  } else if (kind == probe::FirstBytes::SomethingElse) {
    end(Failure{.kind = FailureKind::Tls,
                .detail = fmt::format("the server does not speak TLS here ({})",
                                      probe::recognised_protocol(first_bytes_)),
                .unread = true});
  }
}

void Wire::tls_bytes(ByteView bytes, Instant now) {
  tls_->feed(bytes);
  put(tls_->take_output());
  if (stage_ == Stage::Tls && tls_->state() == TlsClient::State::Established) {
    secured(now);
  }
  if (stage_ == Stage::Http) {
    const Bytes plain = tls_->take_plain();
    if (!plain.empty()) {
      http_bytes(plain, now);
    }
    if (stage_ == Stage::Http && tls_->state() == TlsClient::State::Ended) {
      // A fatal alert after the handshake is about TLS (a client certificate is missing, say).
      if (tls_->outcome() && !peer_->handshake.alerts.empty() && http_->active() > 0) {
        failure_ = Failure{.kind = FailureKind::Tls, .detail = ending_words(*tls_), .unread = true};
      }
      end_http(tls_->outcome() ? End::Cut : End::Ordered, now);
    }
  } else if (stage_ == Stage::Tls && tls_->state() == TlsClient::State::Ended) {
    end_tls(*tls_, *judge_, FailureKind::Tls);
  }
}

void Wire::secured(Instant now) {
  peer_->verdict = judge_->verdict();
  peer_->judged = judge_->was_asked();
  if (!tls_->is_verified() || !judge_->accepts_staple(peer_->handshake.ocsp_staple)) {
    peer_->verdict = judge_->verdict();
    end(Failure{.kind = FailureKind::Certificate, .detail = judge_->refusal(), .unread = true});
    return;
  }
  timings_.secured = between(start_, now);
  enter_http(now);
}

void Wire::http_bytes(ByteView plain, Instant now) {
  allow(plan_.limits.answer, now);
  http_->feed(plain, now);
  give_back(now);
  pull(now);
}

void Wire::give_back(Instant now) {
  for (Exchange* const exchange : http_->take_finished()) {
    if (exchange->failure && exchange->failure->kind == FailureKind::Closed && failure_) {
      exchange->failure = failure_;
    }
    desk_->finished(*exchange, *this, now);
  }
}

void Wire::end_http(End how, Instant now) {
  http_->end(how);
  give_back(now);
  end(failure_);
}

void Wire::closed(Ending ending, Instant now) {
  const bool reset = ending == Ending::Reset;
  const std::string words = reset ? "connection reset" : "connection closed";
  if (stage_ == Stage::Http) {
    end_http(reset ? End::Reset : tls_ == nullptr ? End::Ordered : End::Cut, now);
    return;
  }
  if (stage_ == Stage::Tunnel) {
    tunnel_->end();
    end(Failure{.kind = FailureKind::Proxy,
                .detail = escaped(tunnel_->refusal().reason),
                .may_heal = reset,
                .unread = true});
    return;
  }
  end(Failure{.kind = stage_ == Stage::ProxyTls ? FailureKind::Proxy : FailureKind::Tls,
              .detail = words,
              .may_heal = reset,
              .unread = true});
}

void Wire::expired(Instant now) {
  patience_ended(now);
}

void Wire::patience_ended(Instant now) {
  const char* phase = "the answer";
  if (stage_ == Stage::Connect) {
    phase = "connecting";
  } else if (stage_ == Stage::ProxyTls || stage_ == Stage::Tunnel) {
    phase = "the proxy";
  } else if (stage_ != Stage::Http) {
    phase = "the TLS handshake";
  }
  Failure failure{.kind = FailureKind::Timeout,
                  .detail = phase,
                  .may_heal = true,
                  .unread = stage_ != Stage::Http};
  if (stage_ == Stage::Http) {
    http_->end(End::Cut);
    for (Exchange* const exchange : http_->take_finished()) {
      exchange->failure = failure;
      desk_->finished(*exchange, *this, now);
    }
  }
  end(std::move(failure));
}

std::optional<milliseconds> Wire::patience() const {
  if (stage_ == Stage::Done || (stage_ == Stage::Http && http_ != nullptr && is_idle())) {
    return std::nullopt;
  }
  const auto left =
      std::chrono::duration_cast<milliseconds>(phase_end_ - std::chrono::steady_clock::now());
  return std::max(left, milliseconds{0});
}

Bytes Wire::take_output() {
  if (http_ != nullptr) {
    std::string said = http_->take_output();
    if (!said.empty() && tls_ != nullptr) {
      tls_->write(as_bytes(said));
      put(tls_->take_output());
    } else {
      put(as_bytes(said));
    }
    target::wipe(said);
  }
  Bytes out = std::exchange(output_, {});
  if (outer_ != nullptr) {
    outer_->write(out);
    out = outer_->take_output();
  }
  return out;
}

void Wire::end_tls(const TlsClient& tls, const Judge& judge, FailureKind kind) {
  const bool refused = judge.was_asked() && !judge.refusal().empty();
  if (&judge == judge_.get()) {
    peer_->verdict = judge.verdict();
    peer_->judged = judge.was_asked();
  }
  if (kind == FailureKind::Proxy) {
    end(Failure{
        .kind = kind,
        .detail = "TLS to the proxy failed: " + (refused ? judge.refusal() : ending_words(tls)),
        .unread = true});
    return;
  }
  end(Failure{.kind = refused ? FailureKind::Certificate : kind,
              .detail = refused ? judge.refusal() : ending_words(tls),
              .unread = true});
}

void Wire::end(std::optional<Failure> failure) {
  if (stage_ == Stage::Done) {
    return;
  }
  if (tls_ != nullptr && !failure) {
    tls_->end();
    put(tls_->take_output());
  }
  stage_ = Stage::Done;
  failure_ = std::move(failure);
  desk_->ended(*this);
}

}  // namespace medic::request
