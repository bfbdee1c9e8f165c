#include "probe/fetch_talk.h"

#include <fmt/core.h>

#include <utility>

#include "probe/proxy_trust.h"
#include "target/ip_address.h"
#include "target/target.h"

namespace medic::probe {
namespace {

using target::ProxyKind;

bool is_http(const target::Proxy& proxy) {
  return proxy.kind == ProxyKind::Http || proxy.kind == ProxyKind::Https;
}

// `by_http_proxy`: whether the request goes to a proxy, which needs the whole URL and perhaps our
// credentials.
std::string request_text(const evidence::FetchQuestion& question, const HttpUrl& url,
                         const target::Proxy* by_http_proxy) {
  const std::string host =
      url.port == 80 ? target::url_host(url.host) : target::authority_text(url.host, url.port);
  std::string text = fmt::format(
      "{} {}{} HTTP/1.1\r\nHost: {}\r\nUser-Agent: tlsmedic\r\nAccept: */*\r\nConnection: "
      "close\r\n",
      question.body.empty() ? "GET" : "POST",
      by_http_proxy != nullptr ? "http://" + host : std::string(), url.path, host);
  if (by_http_proxy != nullptr && by_http_proxy->credentials) {
    text += proxy_authorization(*by_http_proxy->credentials);
  }
  if (!question.body.empty()) {
    text += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", question.content_type,
                        question.body.size());
  }
  return text + "\r\n" + std::string(as_text(question.body));
}

}  // namespace

FetchTalk::FetchTalk(const evidence::FetchQuestion& question, const HttpUrl& url,
                     const FetchProxy& by)
    : by_(by),
      url_(url),
      request_(request_text(question, url,
                            by.proxy != nullptr && is_http(*by.proxy) ? by.proxy : nullptr)),
      reader_(HttpReader::Content::Body, question.max_bytes) {}

void FetchTalk::connected(const std::string& /*peer*/, Instant /*now*/) {
  if (by_.proxy == nullptr || by_.proxy->kind == ProxyKind::Http) {
    ask();
  } else if (by_.proxy->kind == ProxyKind::Https) {
    TlsSettings settings;
    if (!target::parse_ip(by_.proxy->host)) {
      settings.sni = by_.proxy->host;
    }
    outer_ = std::make_unique<TlsClient>(settings, proxy_facts_);
    outer_->start();
  } else {
    tunnel_ = make_tunnel(*by_.proxy, url_.host, url_.port, Credentials::Send);
    const std::string first = tunnel_->take_output();
    output_.insert(output_.end(), first.begin(), first.end());
  }
}

void FetchTalk::after_proxy_tls() {
  outer_ready_ = true;
  const bool trusted =
      by_.anchors != nullptr && is_trusted_proxy(proxy_facts_.chain, by_.proxy->host, *by_.anchors);
  if (by_.proxy->credentials && !trusted) {
    end("the proxy's certificate is not trusted, so the credentials were not sent");
    return;
  }
  ask();
}

void FetchTalk::ask() {
  output_.insert(output_.end(), request_.begin(), request_.end());
}

void FetchTalk::not_connected(const std::string& /*reason*/, const std::string& detail,
                              Instant /*now*/) {
  end(detail);
}

void FetchTalk::received(ByteView bytes, Instant /*now*/) {
  if (outer_ == nullptr) {
    inside(bytes);
    return;
  }
  outer_->feed(bytes);
  if (!outer_ready_ && outer_->state() == TlsClient::State::Established) {
    after_proxy_tls();
  }
  const Bytes plain = outer_->take_plain();
  if (!finished_ && !plain.empty()) {
    inside(plain);
  }
  if (!finished_ && outer_->state() == TlsClient::State::Ended) {
    if (outer_ready_) {
      closed(Ending::Fin, {});
    } else {
      end("TLS to the proxy failed");
    }
  }
}

void FetchTalk::inside(ByteView bytes) {
  std::string after_tunnel;
  if (tunnel_ != nullptr) {
    tunnel_->feed(bytes);
    const std::string answer = tunnel_->take_output();
    output_.insert(output_.end(), answer.begin(), answer.end());
    if (tunnel_->state() == Tunnel::State::Refused) {
      end("the proxy refused: " + tunnel_->refusal().reason);
      return;
    }
    if (tunnel_->state() == Tunnel::State::Asking) {
      return;
    }
    after_tunnel = tunnel_->take_inside();
    bytes = as_bytes(after_tunnel);
    tunnel_.reset();
    ask();
  }
  reader_.feed(bytes);
  if (reader_.state() == HttpReader::State::Done) {
    end({});
  } else if (reader_.state() == HttpReader::State::Bad) {
    end(reader_.problem());
  }
}

void FetchTalk::closed(Ending /*ending*/, Instant /*now*/) {
  if (tunnel_ != nullptr || (outer_ != nullptr && !outer_ready_)) {
    end("the proxy closed the connection");
    return;
  }
  reader_.end();
  end(reader_.state() == HttpReader::State::Done ? std::string() : reader_.problem());
}

void FetchTalk::expired(Instant /*now*/) {
  end("no answer in time");
}

void FetchTalk::patience_ended(Instant /*now*/) {}  // patience() never asks for it

Bytes FetchTalk::take_output() {
  if (outer_ == nullptr) {
    return std::exchange(output_, {});
  }
  if (outer_ready_ && !output_.empty()) {
    outer_->write(std::exchange(output_, {}));
  }
  return outer_->take_output();
}

void FetchTalk::end(std::string problem) {
  if (!finished_) {
    finished_ = true;
    problem_ = std::move(problem);
  }
}

}  // namespace medic::probe
