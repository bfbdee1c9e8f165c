#pragma once

// One connection by the minimal client of src/tlswire, in the place of probe::Session: through the
// proxy's tunnel and the STARTTLS dialogue where there are some, then looking, then away.

#include <memory>
#include <optional>

#include "probe/conversation.h"
#include "probe/starttls.h"
#include "probe/tunnel.h"
#include "scan/seen.h"
#include "target/proxy.h"
#include "tlswire/client.h"

namespace medic::scan {

// What is pointed to must outlive the talk.
struct FastPlan {
  evidence::ProbeSpec spec;
  tlswire::Depth depth = tlswire::Depth::Authenticated;
  const target::Proxy* proxy = nullptr;       // null: direct; never an https:// one
  const probe::StartTls* starttls = nullptr;  // null: TLS at once
};

class FastTalk final : public probe::Conversation {
 public:
  FastTalk(tlswire::Tools& tools, FastPlan plan, probe::Instant start);

  void connected(const std::string& peer, probe::Instant now) override;
  void not_connected(const std::string& reason, const std::string& detail,
                     probe::Instant now) override;
  void received(ByteView bytes, probe::Instant now) override;
  void closed(probe::Ending ending, probe::Instant now) override;
  void expired(probe::Instant now) override;
  void patience_ended(probe::Instant now) override;
  Bytes take_output() override;
  [[nodiscard]] bool finished() const override { return stage_ == Stage::Done; }
  [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const override {
    return std::nullopt;
  }

  // Once finished: the answer is for libssl to give, because of something this client does not do
  // or that libssl's larger offer might change.
  [[nodiscard]] bool needs_libssl() const { return needs_libssl_; }
  Seen take_seen() { return std::move(seen_); }

 private:
  enum class Stage { Connect, Tunnel, StartTls, Tls, Done };

  void enter_starttls();
  void enter_tls();
  void tunnel_bytes(ByteView bytes, probe::Instant now);
  void starttls_bytes(ByteView bytes, probe::Instant now);
  void tls_bytes(ByteView bytes, probe::Instant now);
  void tls_ended(probe::Instant now);
  void keep_facts();
  void finish(evidence::Outcome outcome, probe::Instant now);
  [[nodiscard]] evidence::Phase phase() const;

  tlswire::Tools* tools_;
  FastPlan plan_;
  probe::Instant start_;
  probe::Instant hello_sent_{};
  Stage stage_ = Stage::Connect;
  bool needs_libssl_ = false;
  Seen seen_;
  std::unique_ptr<probe::Tunnel> tunnel_;
  std::unique_ptr<probe::Dialogue> dialogue_;
  std::unique_ptr<tlswire::Client> tls_;
  Bytes output_;
};

}  // namespace medic::scan
