#include "diagnose/wider_hello.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace medic::diagnose {
namespace {

using evidence::Handshake;
using evidence::ProbeSpec;

ProbeSpec wide_spec(const Bench& bench, const Endpoint& endpoint) {
  ProbeSpec spec = bench.main_spec(endpoint.address);
  spec.offer = evidence::Offer::Everything;
  spec.min_version = evidence::TlsVersion::Tls10;
  spec.http = false;
  return spec;
}

// A close or a reset may be an old server's way to refuse. Alert 112 is about the name.
bool worth_asking(const Endpoint& endpoint) {
  if (endpoint.main == nullptr) {
    return false;
  }
  const evidence::Outcome& outcome = endpoint.main->outcome;
  if (const auto* alert = std::get_if<evidence::AlertReceived>(&outcome)) {
    return alert->phase == evidence::Phase::Handshake && alert->code != 112 &&
           !endpoint.main->client_certificate_requested;
  }
  if (const auto* closed = std::get_if<evidence::Closed>(&outcome)) {
    return closed->phase == evidence::Phase::Handshake;
  }
  return std::holds_alternative<evidence::RefusedByUs>(outcome);
}

// Forward secret suites with an AEAD: what OpenSSL 3 and every browser offer first.
bool mainstream_cipher(const Handshake& h) {
  const std::string_view name = h.cipher_name;
  const bool aead =
      name.find("GCM") != std::string_view::npos || name.find("CHACHA20") != std::string_view::npos;
  return aead && (name.starts_with("ECDHE") || name.starts_with("TLS_"));
}

// Of the groups that only the wider hello has (probe/tls_context.cpp).
bool unusual_group(std::string_view group) {
  static constexpr std::array<std::string_view, 5> kUnusual = {
      "secp256k1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "secp224r1"};
  return std::ranges::find(kUnusual, group) != kUnusual.end();
}

void add_handshake_facts(text::Facts& facts, const Handshake& h) {
  if (h.version) {
    facts["version"] = fmt::format("TLS {}", evidence::version_text(*h.version));
  }
  facts["algorithm"] = h.cipher_name;
  if (h.group_bits != 0) {
    facts["key_bits"] = fmt::format("{}", h.group_bits);
  }
}

}  // namespace

std::vector<ProbeSpec> wider_specs(Bench& bench, const Matrix& /*now*/) {
  std::vector<ProbeSpec> specs;
  for (const Endpoint& endpoint : bench.endpoints()) {
    if (worth_asking(endpoint)) {
      specs.push_back(wide_spec(bench, endpoint));
    }
  }
  return specs;
}

bool beyond_version(const Handshake& handshake) {
  return handshake.version && *handshake.version < evidence::TlsVersion::Tls12;
}

bool beyond_groups(const Handshake& handshake) {
  return !beyond_version(handshake) && unusual_group(handshake.group) &&
         mainstream_cipher(handshake) && handshake.secure_renegotiation != false;
}

std::vector<Observation> observe_wider(Bench& bench, const Matrix& now, std::string_view experiment,
                                       bool (*concerns)(const Handshake&)) {
  Hypothesis hypothesis = bench.base();
  hypothesis.handshakes.resize(bench.endpoints().size());
  const Handshake* wide = nullptr;
  for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
    const Endpoint& endpoint = bench.endpoints()[i];
    const Handshake* answer =
        worth_asking(endpoint) ? bench.observed(wide_spec(bench, endpoint)) : nullptr;
    if (answer != nullptr && std::holds_alternative<evidence::Completed>(answer->outcome) &&
        concerns(*answer)) {
      hypothesis.handshakes[i] = answer;
      wide = answer;
    }
  }
  if (wide == nullptr) {
    return {};
  }
  auto seen = observe(experiment, now, bench.judge(hypothesis));
  if (!seen) {
    return {};
  }
  seen->handshake = wide;
  seen->subject = wide->cipher_name;
  add_handshake_facts(seen->facts, *wide);
  bench.extend_base(std::move(hypothesis));
  return {*std::move(seen)};
}

}  // namespace medic::diagnose
