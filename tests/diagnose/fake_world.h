#pragma once

// A world of one server that answers every hello in the same way: for what no lab fault shows, two
// things wrong at once.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evidence/world.h"

namespace medic::diagnose {

struct FakeWorld final : evidence::World {
  evidence::Outcome outcome = evidence::Completed{};
  std::optional<evidence::Outcome> through_proxy;  // none: the same as without
  std::vector<Bytes> chain;
  std::map<std::string, Bytes> published;  // by URL
  std::size_t connections = 0;

  evidence::Resolution resolve(const std::string& host, evidence::AddressFamily family) override {
    return {.host = host, .family = family, .addresses = {"192.0.2.1"}, .error = {}};
  }

  std::vector<std::optional<evidence::Handshake>> handshakes(
      std::span<const evidence::ProbeSpec> specs) override {
    std::vector<std::optional<evidence::Handshake>> answers;
    for (const evidence::ProbeSpec& spec : specs) {
      ++connections;
      evidence::Handshake handshake;
      handshake.spec = spec;
      handshake.peer = spec.address;
      handshake.outcome = spec.proxy.empty() ? outcome : through_proxy.value_or(outcome);
      if (std::holds_alternative<evidence::Completed>(handshake.outcome)) {
        handshake.version = spec.max_version;
        handshake.cipher_name = "TLS_AES_128_GCM_SHA256";
        handshake.group = "x25519";
        handshake.secure_renegotiation = true;
        handshake.chain = chain;
      }
      answers.emplace_back(std::move(handshake));
    }
    return answers;
  }

  evidence::Fetched fetch(const evidence::FetchQuestion& question) override {
    const auto at = published.find(question.url);
    if (at == published.end()) {
      return {.url = question.url, .error = "nobody there"};
    }
    return {.url = question.url, .status = 200, .body = at->second};
  }
};

}  // namespace medic::diagnose
