#include "diagnose/transport.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>

namespace medic::diagnose {
namespace {

using evidence::Handshake;

verify::Fault fault(std::string id, std::vector<std::pair<std::string, std::string>> facts = {}) {
  verify::Fault f;
  f.id = std::move(id);
  f.certificate = verify::Place::Chain;
  f.facts = std::move(facts);
  return f;
}

struct AlertSymptom {
  std::uint8_t code;
  std::string_view symptom;
};
// The alerts for which the public vocabulary has a symptom of its own.
constexpr AlertSymptom kAlertSymptoms[] = {
    {40, "alert-handshake-failure"},    {42, "alert-bad-certificate"},
    {48, "alert-unknown-ca"},           {70, "alert-protocol-version"},
    {80, "alert-internal-error"},       {112, "alert-unrecognized-name"},
    {116, "alert-certificate-required"}};

std::string alert_symptom(std::uint8_t code) {
  for (const AlertSymptom& row : kAlertSymptoms) {
    if (row.code == code) {
      return std::string(row.symptom);
    }
  }
  return "alert-other";
}

struct ReasonSymptom {
  std::string_view part;  // of OpenSSL 3.0's reason string, ssl/ssl_err.c
  std::string_view symptom;
};
constexpr ReasonSymptom kReasonSymptoms[] = {
    {"dh key too small", "dh-key-too-small"},
    {"unsafe legacy renegotiation disabled", "legacy-renegotiation-disabled"},
    {"unsupported protocol", "unsupported-protocol"},
    {"wrong version number", "wrong-version-number"},
    {"bad signature", "key-or-cert-mismatch"},
    {"no shared cipher", "no-shared-cipher"},
    {"wrong signature type", "no-shared-cipher"},
    {"legacy sigalg disallowed", "no-shared-cipher"},
};

std::string reason_symptom(std::string_view reason) {
  for (const ReasonSymptom& row : kReasonSymptoms) {
    if (reason.find(row.part) != std::string_view::npos) {
      return std::string(row.symptom);
    }
  }
  return "other";
}

struct OutcomeFault {
  std::optional<verify::Fault> operator()(const evidence::Completed&) const { return std::nullopt; }
  std::optional<verify::Fault> operator()(const evidence::AlertReceived& o) const {
    return fault(alert_symptom(o.code), {{"alert", evidence::alert_name(o.code)}});
  }
  std::optional<verify::Fault> operator()(const evidence::RefusedByUs& o) const {
    return fault(reason_symptom(o.reason), {{"reason", o.reason}});
  }
  std::optional<verify::Fault> operator()(const evidence::TimedOut& o) const {
    return fault(o.phase == evidence::Phase::Connect ? "dns-or-tcp" : "handshake-timeout",
                 {{"seconds", fmt::format("{}", (o.after.count() + 999) / 1000)}});
  }
  std::optional<verify::Fault> operator()(const evidence::Closed& o) const {
    return fault(o.reset ? "connection-reset-in-handshake" : "unexpected-eof");
  }
  std::optional<verify::Fault> operator()(const evidence::NotTls& o) const {
    return fault("wrong-version-number", {{"protocol", o.protocol}});
  }
  std::optional<verify::Fault> operator()(const evidence::NotConnected& o) const {
    return fault("dns-or-tcp", {{"reason", o.reason}});
  }
  std::optional<verify::Fault> operator()(const evidence::ProxyRefused& o) const {
    return fault("proxy-error", {{"status", fmt::format("{}", o.status)}});
  }
  std::optional<verify::Fault> operator()(const evidence::StartTlsRefused& o) const {
    return fault("other", {{"reason", o.reason}});
  }
};

bool completed(const Handshake* handshake) {
  return handshake != nullptr && std::holds_alternative<evidence::Completed>(handshake->outcome);
}

std::uint16_t number(evidence::TlsVersion version) {
  return static_cast<std::uint16_t>(version);
}

bool classic_dh(const Handshake& h) {
  return h.group.starts_with("ffdhe") || h.group == "dh" || h.group == "DH";
}

// What the profile itself would refuse in a handshake that a more tolerant client finished.
std::optional<verify::Fault> own_limit(const profiles::TlsRules& rules, const Handshake& h) {
  if (h.version && number(*h.version) < rules.min_version) {
    return fault("alert-protocol-version",
                 {{"version", std::string(evidence::version_text(*h.version))}});
  }
  if (h.version && number(*h.version) > rules.max_version) {
    return fault("unsupported-protocol",
                 {{"version", std::string(evidence::version_text(*h.version))}});
  }
  if (h.group == "P-521" && !rules.offers_p521_group) {
    verify::Fault no_group = fault("alert-handshake-failure", {{"algorithm", h.group}});
    no_group.detail = "fault.group-not-offered";
    return no_group;
  }
  const bool old_version = h.version && *h.version < evidence::TlsVersion::Tls13;
  if (old_version && classic_dh(h)) {
    if (!rules.offers_dhe) {
      return fault("alert-handshake-failure", {{"alert", "handshake_failure"}});
    }
    if (h.group_bits != 0 && h.group_bits < rules.min_dh_bits) {
      return fault("dh-key-too-small", {{"key_bits", fmt::format("{}", h.group_bits)}});
    }
  }
  if (old_version && h.secure_renegotiation == false && rules.needs_secure_renegotiation) {
    return fault("legacy-renegotiation-disabled");
  }
  return std::nullopt;
}

// Ciphers that no current client offers: seen only because the looking offer has everything.
bool only_for_looking(const Handshake& h) {
  static constexpr std::string_view kWeak[] = {"NULL", "RC4", "DES",   "EXP",  "MD5",
                                               "anon", "ADH", "AECDH", "IDEA", "SEED"};
  return std::ranges::any_of(
      kWeak, [&](std::string_view part) { return h.cipher_name.find(part) != std::string::npos; });
}

// A client with a wider offer than the mainstream one may get through where it does not.
Transport with_wider_offer(const profiles::TlsRules& rules, const verify::Fault& refusal,
                           const Handshake& wide) {
  if (std::optional<verify::Fault> limit = own_limit(rules, wide)) {
    const bool about_offer = refusal.id != "connection-reset-in-handshake" &&
                             refusal.id != "unexpected-eof" && refusal.id != "handshake-timeout";
    return {.handshake = &wide, .fault = about_offer ? std::move(limit) : refusal};
  }
  const bool wider = rules.min_version < number(evidence::TlsVersion::Tls12) ||
                     rules.min_dh_bits < 2048 || !rules.needs_secure_renegotiation;
  const bool old_way = wide.version && (*wide.version < evidence::TlsVersion::Tls12 ||
                                        classic_dh(wide) || wide.secure_renegotiation == false);
  if (wider && old_way && !only_for_looking(wide)) {
    return {.handshake = &wide};
  }
  return {.handshake = &wide, .fault = refusal};
}

// Only the main hello asks for a page: what comes after its handshake (an alert for want of a
// client certificate, TLS 1.3) comes after those of the other hellos too.
std::optional<verify::Fault> late_fault(const Handshake* main) {
  const auto* alert =
      main == nullptr ? nullptr : std::get_if<evidence::AlertReceived>(&main->outcome);
  return alert != nullptr && alert->phase == evidence::Phase::AfterHandshake ? outcome_fault(*main)
                                                                             : std::nullopt;
}

}  // namespace

std::optional<verify::Fault> outcome_fault(const Handshake& handshake) {
  return std::visit(OutcomeFault{}, handshake.outcome);
}

Transport judge_transport(const profiles::Profile& profile, const Observed& seen) {
  const profiles::TlsRules& rules = profile.tls;
  const bool large = rules.post_quantum_hello && seen.post_quantum != nullptr;
  const Handshake* asked = large ? seen.post_quantum : seen.main;
  if (rules.max_version < number(evidence::TlsVersion::Tls13) && completed(asked) &&
      asked->version == evidence::TlsVersion::Tls13) {
    if (seen.tls12 != nullptr &&
        std::holds_alternative<evidence::RefusedByUs>(seen.tls12->outcome)) {
      // Our library's refusal, not this client's; the certificates are the same.
      return {.handshake = asked};
    }
    asked = seen.tls12;
  }
  if (asked == nullptr) {
    return {};
  }
  if (completed(asked)) {
    const std::optional<verify::Fault> limit = own_limit(rules, *asked);
    const bool same_version = seen.main != nullptr && seen.main->version == asked->version;
    return {.handshake = asked, .fault = limit || !same_version ? limit : late_fault(seen.main)};
  }
  std::optional<verify::Fault> refusal = outcome_fault(*asked);
  if (refusal && completed(seen.everything)) {
    return with_wider_offer(rules, *refusal, *seen.everything);
  }
  return {.handshake = asked, .fault = std::move(refusal)};
}

}  // namespace medic::diagnose
