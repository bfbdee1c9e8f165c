#include "probe/session.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/time.h"
#include "probe/http_reader.h"
#include "probe/protocol.h"
#include "probe/proxy_trust.h"
#include "target/ip_address.h"
#include "target/target.h"

namespace medic::probe {
namespace {

using evidence::Phase;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t kFirstBytes = 64;  // bound of evidence::NotTls
// How long to wait for the rest of a banner or error page once its first bytes have shown that the
// connection is lost anyway.
constexpr milliseconds kBannerPatience{250};
// After a handshake the answer to HEAD is a courtesy; its absence is no failure of TLS.
constexpr milliseconds kHttpPatience{3000};
constexpr std::size_t kHeaderBytes = 512;  // kept of Location and Server

microseconds between(Instant from, Instant to) {
  return std::chrono::duration_cast<microseconds>(to - from);
}

TlsSettings inner_settings(const SessionPlan& plan) {
  const evidence::ProbeSpec& spec = plan.spec;
  return TlsSettings{.sni = spec.sni,
                     .min_version = spec.min_version,
                     .max_version = spec.max_version,
                     .offer = spec.offer,
                     .hello = spec.hello,
                     .alpn = spec.http ? "http/1.1" : "",
                     .identity = spec.client_certificate ? plan.identity : nullptr};
}

std::string bounded(std::string_view text) {
  return std::string(text.substr(0, kHeaderBytes));
}

}  // namespace

Session::Session(SessionPlan plan, Instant start) : plan_(std::move(plan)), start_(start) {
  facts_.spec = plan_.spec;
}

Session::~Session() = default;

void Session::connected(const std::string& peer, Instant now) {
  facts_.peer = peer;
  facts_.tcp_connect = between(start_, now);
  if (plan_.proxy != nullptr) {
    enter_proxy(now);
  } else {
    after_connect(now);
  }
}

void Session::not_connected(const std::string& reason, const std::string& detail, Instant now) {
  finish(evidence::NotConnected{.reason = reason, .detail = detail}, now);
}

void Session::enter_proxy(Instant now) {
  if (plan_.proxy->kind != target::ProxyKind::Https) {
    enter_tunnel(now);
    return;
  }
  stage_ = Stage::ProxyTls;
  TlsSettings settings;
  if (!target::parse_ip(plan_.proxy->host)) {
    settings.sni = plan_.proxy->host;
  }
  outer_ = std::make_unique<TlsClient>(settings, outer_facts_);
  outer_->start();
}

Credentials Session::credentials_for_proxy() const {
  if (plan_.proxy->kind != target::ProxyKind::Https) {
    return Credentials::Send;
  }
  const bool trusted =
      plan_.proxy_anchors != nullptr &&
      is_trusted_proxy(outer_facts_.chain, plan_.proxy->host, *plan_.proxy_anchors);
  return trusted ? Credentials::Send : Credentials::Withhold;
}

void Session::enter_tunnel(Instant /*now*/) {
  stage_ = Stage::Tunnel;
  const target::HostPort to =
      plan_.tunnel_to.host.empty()
          ? target::HostPort{.host = plan_.spec.address, .port = plan_.spec.port}
          : plan_.tunnel_to;
  tunnel_ = make_tunnel(*plan_.proxy, to.host, to.port, credentials_for_proxy());
  put(as_bytes(tunnel_->take_output()));
}

void Session::after_connect(Instant now) {
  if (plan_.starttls != nullptr) {
    enter_starttls(now);
  } else {
    enter_tls(now);
  }
}

void Session::enter_starttls(Instant /*now*/) {
  stage_ = Stage::StartTls;
  dialogue_ =
      std::make_unique<Dialogue>(*plan_.starttls, plan_.spec.sni.value_or(plan_.spec.address));
  put(as_bytes(dialogue_->take_output()));
}

void Session::enter_tls(Instant now) {
  stage_ = Stage::Hello;
  hello_sent_ = now;
  tls_ = std::make_unique<TlsClient>(inner_settings(plan_), facts_);
  tls_->start();
  put(tls_->take_output());
  if (tls_->state() == TlsClient::State::Ended && tls_->outcome()) {
    finish(*tls_->outcome(), now);  // libssl has no hello to send: no version, no cipher left
  }
}

void Session::enter_http(Instant /*now*/) {
  stage_ = Stage::Http;
  http_ = std::make_unique<HttpReader>(HttpReader::Content::HeadOnly, 0);
  const std::string host = plan_.spec.sni.value_or(plan_.spec.address);
  const bool default_port = plan_.spec.port == 443;
  const std::string bracketed =
      host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  const std::string authority =
      default_port ? bracketed : target::authority_text(host, plan_.spec.port);
  const std::string request = fmt::format(
      "HEAD / HTTP/1.1\r\nHost: {}\r\nUser-Agent: tlsmedic\r\nAccept: */*\r\nConnection: "
      "close\r\n\r\n",
      authority);
  tls_->write(as_bytes(request));
}

void Session::put(ByteView bytes) {
  output_.insert(output_.end(), bytes.begin(), bytes.end());
}

void Session::received(ByteView bytes, Instant now) {
  facts_.bytes_received += static_cast<std::uint32_t>(bytes.size());
  if (stage_ == Stage::ProxyTls) {
    proxy_tls_bytes(bytes, now);
    return;
  }
  if (outer_ == nullptr) {
    dispatch(bytes, now);
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

void Session::dispatch(ByteView bytes, Instant now) {
  switch (stage_) {
    case Stage::Tunnel:
      tunnel_bytes(bytes, now);
      break;
    case Stage::StartTls:
      starttls_bytes(bytes, now);
      break;
    case Stage::Hello:
    case Stage::NotTls:
      hello_bytes(bytes, now);
      break;
    case Stage::Tls:
    case Stage::Http:
      tls_bytes(bytes, now);
      break;
    case Stage::Connect:
    case Stage::ProxyTls:
    case Stage::Done:
      break;
  }
}

void Session::proxy_tls_bytes(ByteView bytes, Instant now) {
  if (first_bytes_.size() < kFirstBytes) {
    first_bytes_ += as_text(bytes.first(std::min(bytes.size(), kFirstBytes - first_bytes_.size())));
  }
  if (first_bytes_of(as_bytes(first_bytes_)) == FirstBytes::SomethingElse) {
    finish(
        evidence::ProxyRefused{.status = 0,
                               .reason = fmt::format("the proxy does not speak TLS ({})",
                                                     recognised_protocol(as_bytes(first_bytes_))),
                               .body_excerpt = first_bytes_},
        now);
    return;
  }
  outer_->feed(bytes);
  if (outer_->state() == TlsClient::State::Ended) {
    outer_ended(now);
    return;
  }
  if (outer_->state() != TlsClient::State::Established) {
    return;
  }
  first_bytes_.clear();
  if (plan_.proxy->credentials && credentials_for_proxy() == Credentials::Withhold) {
    finish(
        evidence::ProxyRefused{
            .status = 0,
            .reason = "the proxy's certificate is not trusted, so the credentials were not sent",
            .body_excerpt = {}},
        now);
    return;
  }
  enter_tunnel(now);
}

// Whatever TLS to the proxy ends with, the proxy gave no tunnel; the words say why.
void Session::outer_ended(Instant now) {
  std::string why = "closed";
  if (const auto& outcome = outer_->outcome()) {
    if (const auto* const alert = std::get_if<evidence::AlertReceived>(&*outcome)) {
      why = "alert " + evidence::alert_name(alert->code);
    } else if (const auto* const refused = std::get_if<evidence::RefusedByUs>(&*outcome)) {
      why = refused->reason;
    }
  }
  finish(evidence::ProxyRefused{.status = 0,
                                .reason = fmt::format("TLS to the proxy failed: {}", why),
                                .body_excerpt = {}},
         now);
}

void Session::tunnel_bytes(ByteView bytes, Instant now) {
  tunnel_->feed(bytes);
  put(as_bytes(tunnel_->take_output()));
  if (tunnel_->state() == Tunnel::State::Refused) {
    finish(tunnel_->refusal(), now);
  } else if (tunnel_->state() == Tunnel::State::Open) {
    facts_.proxy_ready = between(start_, now);
    const std::string inside = tunnel_->take_inside();
    after_connect(now);
    if (!inside.empty() && stage_ != Stage::Done) {
      dispatch(as_bytes(inside), now);
    }
  }
}

void Session::starttls_bytes(ByteView bytes, Instant now) {
  dialogue_->feed(bytes);
  put(as_bytes(dialogue_->take_output()));
  if (dialogue_->state() == Dialogue::State::Refused) {
    finish(evidence::StartTlsRefused{.reason = dialogue_->reason(),
                                     .transcript = dialogue_->transcript()},
           now);
  } else if (dialogue_->state() == Dialogue::State::Ready) {
    facts_.starttls_ready = between(start_, now);
    enter_tls(now);
  }
}

// The first bytes after the ClientHello are looked at before libssl is: "wrong version number" says
// less than the banner that caused it.
void Session::hello_bytes(ByteView bytes, Instant now) {
  if (!facts_.first_reply) {
    facts_.first_reply = between(hello_sent_, now);
  }
  if (stage_ == Stage::Hello) {
    first_bytes_ += as_text(bytes);
    const FirstBytes kind = first_bytes_of(as_bytes(first_bytes_));
    if (kind == FirstBytes::TlsRecord) {
      stage_ = Stage::Tls;
      const std::string all = std::exchange(first_bytes_, {});
      tls_bytes(as_bytes(all), now);
      return;
    }
    if (kind == FirstBytes::TooFewToSay) {
      return;
    }
    stage_ = Stage::NotTls;
  } else {
    first_bytes_ += as_text(bytes);
  }
  if (first_bytes_.size() >= kFirstBytes) {
    patience_ended(now);
  }
}

void Session::tls_bytes(ByteView bytes, Instant now) {
  tls_->feed(bytes);
  put(tls_->take_output());
  if (stage_ == Stage::Tls && tls_->state() == TlsClient::State::Established) {
    if (!plan_.spec.http) {
      finish(evidence::Completed{}, now);
      return;
    }
    enter_http(now);
    put(tls_->take_output());
  }
  if (stage_ == Stage::Http) {
    http_bytes(now);
  } else if (tls_->state() == TlsClient::State::Ended) {
    finish(tls_->outcome().value_or(evidence::Closed{.phase = phase(), .reset = false}), now);
  }
}

void Session::http_bytes(Instant now) {
  const Bytes plain = tls_->take_plain();
  if (!plain.empty()) {
    read_http(plain, now);
  }
  if (stage_ == Stage::Http && tls_->state() == TlsClient::State::Ended) {
    finish(
        tls_->outcome().value_or(evidence::Closed{.phase = Phase::AfterHandshake, .reset = false}),
        now);
  }
}

void Session::read_http(ByteView plain, Instant now) {
  http_->feed(plain);
  if (http_->state() == HttpReader::State::Done) {
    evidence::HttpAnswer answer;
    answer.status = http_->status();
    if (const auto date = parse_http_date(http_->header("Date"))) {
      answer.date = *date;
    }
    answer.location = bounded(http_->header("Location"));
    answer.server = bounded(http_->header("Server"));
    facts_.http = std::move(answer);
    finish(evidence::Completed{}, now);
  } else if (http_->state() == HttpReader::State::Bad) {
    finish(evidence::Completed{}, now);  // TLS works; what speaks inside is not HTTP
  }
}

void Session::closed(Ending ending, Instant now) {
  const bool reset = ending == Ending::Reset;
  switch (stage_) {
    case Stage::ProxyTls:
      finish(evidence::ProxyRefused{.status = 0,
                                    .reason = reset ? "the proxy reset the connection"
                                                    : "the proxy closed the connection",
                                    .body_excerpt = {}},
             now);
      break;
    case Stage::Tunnel:
    case Stage::NotTls:
    case Stage::Http:
      patience_ended(now);
      break;
    case Stage::Hello:
      if (!first_bytes_.empty()) {  // fewer bytes than a record header
        stage_ = Stage::NotTls;
        patience_ended(now);
        break;
      }
      [[fallthrough]];
    case Stage::Connect:
    case Stage::StartTls:
    case Stage::Tls:
      finish(evidence::Closed{.phase = phase(), .reset = reset}, now);
      break;
    case Stage::Done:
      break;
  }
}

void Session::expired(Instant now) {
  if (stage_ == Stage::Connect) {
    finish(evidence::NotConnected{.reason = "timeout", .detail = "no answer to the SYN"}, now);
  } else if (patience()) {
    patience_ended(now);
  } else {
    finish(evidence::TimedOut{.phase = phase(), .after = milliseconds(plan_.spec.deadline_ms)},
           now);
  }
}

void Session::patience_ended(Instant now) {
  if (stage_ == Stage::NotTls) {
    first_bytes_.resize(std::min(first_bytes_.size(), kFirstBytes));
    finish(evidence::NotTls{.first_bytes = first_bytes_,
                            .protocol = recognised_protocol(as_bytes(first_bytes_))},
           now);
  } else if (stage_ == Stage::Tunnel) {
    tunnel_->end();
    finish(tunnel_->refusal(), now);
  } else if (stage_ == Stage::Http) {
    finish(evidence::Completed{}, now);
  }
}

std::optional<milliseconds> Session::patience() const {
  if (stage_ == Stage::Http) {
    return kHttpPatience;
  }
  const bool waits_for_text =
      stage_ == Stage::NotTls || (stage_ == Stage::Tunnel && tunnel_->wants_more_text());
  return waits_for_text ? std::optional(kBannerPatience) : std::nullopt;
}

Bytes Session::take_output() {
  Bytes out = std::exchange(output_, {});
  if (outer_ != nullptr) {
    outer_->write(out);
    out = outer_->take_output();
  }
  facts_.bytes_sent += static_cast<std::uint32_t>(out.size());
  return out;
}

Phase Session::phase() const {
  switch (stage_) {
    case Stage::Connect:
      return Phase::Connect;
    case Stage::ProxyTls:
    case Stage::Tunnel:
      return Phase::Proxy;
    case Stage::StartTls:
      return Phase::StartTls;
    case Stage::Hello:
    case Stage::Tls:
    case Stage::NotTls:
      return Phase::Handshake;
    case Stage::Http:
    case Stage::Done:
      return Phase::AfterHandshake;
  }
  return Phase::Handshake;
}

void Session::finish(evidence::Outcome outcome, Instant now) {
  stage_ = Stage::Done;
  facts_.outcome = std::move(outcome);
  facts_.total = between(start_, now);
  if (tls_ != nullptr) {
    tls_->end();
    put(tls_->take_output());
  }
}

}  // namespace medic::probe
