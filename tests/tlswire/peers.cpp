#include "tests/tlswire/peers.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "base/descriptor.h"
#include "evidence/tls.h"
#include "target/ip_address.h"

namespace medic::tlswire {

HelloText hello_for(const std::string& host) {
  HelloText text{.server_name = target::parse_ip(host) ? "" : host};
  text.random.fill(0x11);
  text.session_id.fill(0x22);
  return text;
}

Tools& EitherClient::tools() {
  static Tools the_tools;
  return the_tools;
}

EitherClient::EitherClient(Which which, const std::string& host) {
  if (which == Which::Ours) {
    ours_.emplace(tools(), hello_for(host), Depth::Authenticated);
  } else {
    probe::TlsSettings settings;
    settings.sni = host;
    libssl_.emplace(settings, facts_);
    libssl_->start();
  }
}

void EitherClient::feed(ByteView wire) {
  if (ours_) {
    ours_->feed(wire);
  } else {
    libssl_->feed(wire);
  }
}

Bytes EitherClient::take_output() {
  return ours_ ? ours_->take_output() : libssl_->take_output();
}

bool EitherClient::over() const {
  return ours_ ? ours_->state() != State::Talking
               : libssl_->state() != probe::TlsClient::State::Handshaking;
}

std::string EitherClient::verdict() const {
  if (!ours_) {
    if (!libssl_->outcome()) {
      return over() ? "over" : "talking";
    }
    if (const auto* refused = std::get_if<evidence::RefusedByUs>(&*libssl_->outcome())) {
      return "refused " + (refused->alert_sent ? evidence::alert_name(*refused->alert_sent)
                                               : std::string("without alert"));
    }
    const auto* alert = std::get_if<evidence::AlertReceived>(&*libssl_->outcome());
    return alert == nullptr ? "other" : "alert " + evidence::alert_name(alert->code);
  }
  switch (ours_->state()) {
    case State::Talking:
      return "talking";
    case State::Certificates:
      return "certificates";
    case State::Authenticated:
      return "authenticated";
    case State::Alerted:
      return "alert " + evidence::alert_name(ours_->shown().alerts.back().code);
    case State::Refused:
      return "refused " + evidence::alert_name(*ours_->shown().sent);
    case State::NotTls:
      return "not tls";
    case State::Unsupported:
      return fmt::format("unsupported: {}", ours_->reason());
  }
  return "?";
}

Talked talk(const std::string& address, std::uint16_t port, const std::string& host, Depth depth) {
  Talked talked;
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  inet_pton(AF_INET, address.c_str(), &to.sin_addr);
  if (connect(socket.number(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    talked.closed = true;
    return talked;
  }
  Client client(EitherClient::tools(), hello_for(host), depth);
  std::array<std::uint8_t, 16384> buffer{};
  while (true) {
    const Bytes out = client.take_output();
    if (!out.empty() && send(socket.number(), out.data(), out.size(), MSG_NOSIGNAL) < 0) {
      break;
    }
    if (client.state() != State::Talking) {
      break;
    }
    pollfd waiting{.fd = socket.number(), .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, 2000) != 1) {
      break;
    }
    const ssize_t got = recv(socket.number(), buffer.data(), buffer.size(), 0);
    if (got <= 0) {
      talked.closed = true;
      talked.reset = got < 0 && errno == ECONNRESET;
      break;
    }
    client.feed(ByteView(buffer).first(static_cast<std::size_t>(got)));
  }
  talked.state = client.state();
  talked.reason = client.reason();
  talked.shown = client.take_shown();
  return talked;
}

}  // namespace medic::tlswire
