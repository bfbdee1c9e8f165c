#pragma once

// Is this server believed? Decided inside the handshake, before libssl sends a byte of ours: by our
// own engine under the profile chosen, and by OpenSSL's verifier beside it. Both must accept, so a
// mistake of one is not a hole.

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "probe/tls_client.h"
#include "profiles/profile.h"
#include "trust/anchors.h"
#include "verify/verify.h"

namespace medic::request {

// Whom to believe and how strictly, and which rule made it so.
struct Trust {
  trust::AnchorSetPtr anchors;
  const profiles::Profile* profile = nullptr;
  std::string rule;    // "--ca", "SSL_CERT_FILE", "system store": for people
  std::string origin;  // where that stands: "/etc/pip.conf:3"; empty: nowhere
};

class Judge final : public probe::ChainJudge {
 public:
  // `trust` and `clock` must outlive the judge. `name`: as Target::host.
  Judge(const Trust& trust, std::string name, const Clock& clock)
      : trust_(&trust), name_(std::move(name)), clock_(&clock) {}

  int judge(const std::vector<Bytes>& chain) override;
  // What the server stapled; false: its issuer has withdrawn the certificate, or the profile wants
  // a staple and there is none.
  bool accepts_staple(ByteView staple);

  [[nodiscard]] bool was_asked() const { return asked_; }
  [[nodiscard]] const verify::Verdict& verdict() const { return verdict_; }
  // Why it was refused, in OpenSSL's words or ours; empty: it was not.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

 private:
  [[nodiscard]] verify::Question question() const;
  int refuse(int error, std::string words);

  const Trust* trust_;
  std::string name_;
  const Clock* clock_;
  std::vector<x509::CertificatePtr> chain_;
  verify::Verdict verdict_;
  std::string refusal_;
  bool asked_ = false;
};

}  // namespace medic::request
