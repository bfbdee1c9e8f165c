#pragma once

// The outcome of a handshake as one short line, so that tests compare and print it.

#include <fmt/core.h>

#include <string>
#include <variant>

#include "base/bytes.h"
#include "evidence/handshake.h"

namespace medic::probe {

inline const char* phase_text(evidence::Phase phase) {
  switch (phase) {
    case evidence::Phase::Connect:
      return "connect";
    case evidence::Phase::Proxy:
      return "proxy";
    case evidence::Phase::StartTls:
      return "starttls";
    case evidence::Phase::Handshake:
      return "handshake";
    case evidence::Phase::AfterHandshake:
      return "after";
  }
  return "?";
}

struct OutcomeText {
  std::string operator()(const evidence::Completed& /*o*/) const { return "completed"; }
  std::string operator()(const evidence::AlertReceived& o) const {
    return fmt::format("alert {} {}", evidence::alert_name(o.code), phase_text(o.phase));
  }
  std::string operator()(const evidence::RefusedByUs& o) const {
    return fmt::format("refused {} ({})", phase_text(o.phase), o.reason);
  }
  std::string operator()(const evidence::TimedOut& o) const {
    return fmt::format("timeout {}", phase_text(o.phase));
  }
  std::string operator()(const evidence::Closed& o) const {
    return fmt::format("{} {}", o.reset ? "reset" : "closed", phase_text(o.phase));
  }
  std::string operator()(const evidence::NotTls& o) const { return "not-tls " + o.protocol; }
  std::string operator()(const evidence::NotConnected& o) const {
    return "not-connected " + o.reason;
  }
  std::string operator()(const evidence::ProxyRefused& o) const {
    return fmt::format("proxy {} {}", o.status, o.reason);
  }
  std::string operator()(const evidence::StartTlsRefused& o) const {
    return "starttls " + o.reason;
  }
};

inline std::string outcome_text(const evidence::Handshake& handshake) {
  return std::visit(OutcomeText{}, handshake.outcome);
}

}  // namespace medic::probe
