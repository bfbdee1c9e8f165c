#include "scan/fast_talk.h"

#include <openssl/rand.h>

#include <utility>

#include "base/check.h"
#include "probe/protocol.h"
#include "probe/wire_names.h"

namespace medic::scan {
namespace {

using evidence::Phase;
using probe::Instant;
using std::chrono::microseconds;

microseconds between(Instant from, Instant to) {
  return std::chrono::duration_cast<microseconds>(to - from);
}

void append(Bytes& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

tlswire::HelloText hello_text(const evidence::ProbeSpec& spec) {
  tlswire::HelloText text{.server_name = spec.sni.value_or("")};
  std::array<std::uint8_t, 64> fresh{};
  MEDIC_CHECK(RAND_bytes(fresh.data(), static_cast<int>(fresh.size())) == 1);
  std::copy_n(fresh.begin(), 32, text.random.begin());
  std::copy_n(fresh.begin() + 32, 32, text.session_id.begin());
  return text;
}

}  // namespace

FastTalk::FastTalk(tlswire::Tools& tools, FastPlan plan, Instant start)
    : tools_(&tools), plan_(std::move(plan)), start_(start) {}

void FastTalk::connected(const std::string& peer, Instant now) {
  seen_.handshake.peer = peer;
  seen_.handshake.tcp_connect = between(start_, now);
  hello_sent_ = now;
  if (plan_.proxy == nullptr) {
    enter_starttls();
    return;
  }
  stage_ = Stage::Tunnel;
  tunnel_ = probe::make_tunnel(*plan_.proxy, plan_.spec.address, plan_.spec.port,
                               probe::Credentials::Send);
  append(output_, as_bytes(tunnel_->take_output()));
}

void FastTalk::enter_starttls() {
  if (plan_.starttls == nullptr) {
    enter_tls();
    return;
  }
  stage_ = Stage::StartTls;
  dialogue_ = std::make_unique<probe::Dialogue>(*plan_.starttls, plan_.spec.sni.value_or(""));
  append(output_, as_bytes(dialogue_->take_output()));
}

void FastTalk::enter_tls() {
  stage_ = Stage::Tls;
  tls_ = std::make_unique<tlswire::Client>(*tools_, hello_text(plan_.spec), plan_.depth);
  append(output_, tls_->take_output());
  seen_.handshake.client_hello_bytes = tls_->hello_bytes();
}

void FastTalk::not_connected(const std::string& reason, const std::string& detail, Instant now) {
  finish(evidence::NotConnected{.reason = reason, .detail = detail}, now);
}

void FastTalk::received(ByteView bytes, Instant now) {
  seen_.handshake.bytes_received += static_cast<std::uint32_t>(bytes.size());
  switch (stage_) {
    case Stage::Tunnel:
      tunnel_bytes(bytes, now);
      break;
    case Stage::StartTls:
      starttls_bytes(bytes, now);
      break;
    case Stage::Tls:
      tls_bytes(bytes, now);
      break;
    case Stage::Connect:
    case Stage::Done:
      break;
  }
}

void FastTalk::tunnel_bytes(ByteView bytes, Instant now) {
  tunnel_->feed(bytes);
  append(output_, as_bytes(tunnel_->take_output()));
  if (tunnel_->state() == probe::Tunnel::State::Refused) {
    finish(tunnel_->refusal(), now);
  } else if (tunnel_->state() == probe::Tunnel::State::Open) {
    seen_.handshake.proxy_ready = between(start_, now);
    hello_sent_ = now;
    const std::string inside = tunnel_->take_inside();
    enter_starttls();
    if (!inside.empty()) {
      received(as_bytes(inside), now);
    }
  }
}

void FastTalk::starttls_bytes(ByteView bytes, Instant now) {
  dialogue_->feed(bytes);
  append(output_, as_bytes(dialogue_->take_output()));
  if (dialogue_->state() == probe::Dialogue::State::Refused) {
    finish(evidence::StartTlsRefused{.reason = dialogue_->reason(),
                                     .transcript = dialogue_->transcript()},
           now);
  } else if (dialogue_->state() == probe::Dialogue::State::Ready) {
    seen_.handshake.starttls_ready = between(start_, now);
    hello_sent_ = now;
    enter_tls();
  }
}

void FastTalk::tls_bytes(ByteView bytes, Instant now) {
  if (!seen_.handshake.first_reply) {
    seen_.handshake.first_reply = between(hello_sent_, now);
  }
  tls_->feed(bytes);
  append(output_, tls_->take_output());
  if (tls_->state() != tlswire::State::Talking) {
    tls_ended(now);
  }
}

void FastTalk::tls_ended(Instant now) {
  keep_facts();
  const evidence::Handshake& facts = seen_.handshake;
  switch (tls_->state()) {
    case tlswire::State::Certificates:
    case tlswire::State::Authenticated:
      // Whether it can do without a client certificate, only a finished handshake shows.
      needs_libssl_ = facts.client_certificate_requested;
      finish(evidence::Completed{}, now);
      break;
    case tlswire::State::Alerted:
      needs_libssl_ = true;
      finish(evidence::AlertReceived{.level = facts.alerts.back().level,
                                     .code = facts.alerts.back().code},
             now);
      break;
    case tlswire::State::NotTls: {
      const std::string first(as_text(tls_->first_bytes()));
      finish(evidence::NotTls{.first_bytes = first,
                              .protocol = probe::recognised_protocol(as_bytes(first))},
             now);
      break;
    }
    case tlswire::State::Refused:
    case tlswire::State::Unsupported:
    case tlswire::State::Talking:
      needs_libssl_ = true;
      finish(evidence::RefusedByUs{.reason = std::string(tls_->reason())}, now);
      break;
  }
}

void FastTalk::keep_facts() {
  tlswire::Shown shown = tls_->take_shown();
  evidence::Handshake& facts = seen_.handshake;
  if (shown.version != 0) {
    facts.version = static_cast<evidence::TlsVersion>(shown.version);
    facts.cipher = shown.cipher;
  }
  if (shown.group != 0) {
    facts.group = probe::group_name(shown.group);
    facts.group_bits = probe::group_bits(shown.group);
  }
  if (shown.scheme != 0) {
    facts.peer_signature = probe::signature_scheme_name(shown.scheme);
  }
  facts.ocsp_staple = std::move(shown.ocsp_staple);
  facts.client_certificate_requested = shown.client_certificate_requested;
  for (const tlswire::Alert& alert : shown.alerts) {
    facts.alerts.push_back({.sent = false, .level = alert.level, .code = alert.code});
  }
  seen_.chain = std::move(shown.chain);
}

void FastTalk::closed(probe::Ending ending, Instant now) {
  if (stage_ == Stage::Tunnel) {
    tunnel_->end();
    if (tunnel_->state() == probe::Tunnel::State::Refused) {
      finish(tunnel_->refusal(), now);
      return;
    }
  }
  // A box may have taken offence at the hello; libssl's is another one.
  needs_libssl_ = stage_ == Stage::Tls;
  finish(evidence::Closed{.phase = phase(), .reset = ending == probe::Ending::Reset}, now);
}

void FastTalk::expired(Instant now) {
  finish(evidence::TimedOut{.phase = phase(),
                            .after = std::chrono::milliseconds(plan_.spec.deadline_ms)},
         now);
}

void FastTalk::patience_ended(Instant /*now*/) {}

Bytes FastTalk::take_output() {
  seen_.handshake.bytes_sent += static_cast<std::uint32_t>(output_.size());
  return std::exchange(output_, {});
}

Phase FastTalk::phase() const {
  switch (stage_) {
    case Stage::Connect:
      return Phase::Connect;
    case Stage::Tunnel:
      return Phase::Proxy;
    case Stage::StartTls:
      return Phase::StartTls;
    case Stage::Tls:
    case Stage::Done:
      break;
  }
  return Phase::Handshake;
}

void FastTalk::finish(evidence::Outcome outcome, Instant now) {
  seen_.handshake.outcome = std::move(outcome);
  seen_.handshake.total = between(start_, now);
  seen_.handshake.spec = std::move(plan_.spec);
  tls_.reset();
  stage_ = Stage::Done;
}

}  // namespace medic::scan
