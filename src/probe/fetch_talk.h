#pragma once

// One plain-HTTP exchange without its socket, perhaps through a proxy: an HTTP proxy gets the whole
// URL (RFC 9112 section 3.2.2), over TLS where it wants that, a SOCKS5 proxy opens a tunnel.

#include <memory>
#include <string>
#include <vector>

#include "evidence/world.h"
#include "probe/conversation.h"
#include "probe/fetcher.h"
#include "probe/http_reader.h"
#include "probe/tls_client.h"
#include "probe/tunnel.h"

namespace medic::probe {

class FetchTalk final : public Conversation {
 public:
  // What `by` points to must outlive the talk.
  FetchTalk(const evidence::FetchQuestion& question, const HttpUrl& url, const FetchProxy& by);

  void connected(const std::string& peer, Instant now) override;
  void not_connected(const std::string& reason, const std::string& detail, Instant now) override;
  void received(ByteView bytes, Instant now) override;
  void closed(Ending ending, Instant now) override;
  void expired(Instant now) override;
  void patience_ended(Instant now) override;
  Bytes take_output() override;
  [[nodiscard]] bool finished() const override { return finished_; }
  [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const override {
    return std::nullopt;
  }

  // Valid once finished(). Empty: an answer is in reader(). Else why not.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] const HttpReader& reader() const { return reader_; }

 private:
  void after_proxy_tls();
  void ask();
  void inside(ByteView bytes);
  void end(std::string problem);

  const FetchProxy by_;
  HttpUrl url_;
  std::string request_;
  HttpReader reader_;
  evidence::Handshake proxy_facts_;   // of the TLS to the proxy: not evidence
  std::unique_ptr<TlsClient> outer_;  // TLS to an https:// proxy
  bool outer_ready_ = false;
  std::unique_ptr<Tunnel> tunnel_;  // of a SOCKS5 proxy, until it is open
  Bytes output_;
  bool finished_ = false;
  std::string problem_;
};

}  // namespace medic::probe
