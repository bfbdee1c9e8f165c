#include "diagnose/served_names.h"

#include <fmt/core.h>

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"hostname-mismatch", "no-san"};
constexpr std::size_t kShownNames = 8;

const evidence::Handshake* with_chain(const Bench& bench) {
  for (const Endpoint& endpoint : bench.endpoints()) {
    if (endpoint.main != nullptr && !endpoint.main->chain.empty()) {
      return endpoint.main;
    }
  }
  for (const evidence::Handshake* handshake : bench.base().handshakes) {
    if (handshake != nullptr && !handshake->chain.empty()) {
      return handshake;
    }
  }
  return nullptr;
}

std::string address_text(const Bytes& ip) {
  return ip.size() == 4 ? fmt::format("{}.{}.{}.{}", ip[0], ip[1], ip[2], ip[3]) : "ip:" + hex(ip);
}

std::string listed_names(const x509::Certificate& leaf) {
  std::vector<std::string> names;
  if (leaf.subject_alt_names) {
    for (const std::string& dns : leaf.subject_alt_names->dns) {
      names.push_back(escaped(dns, 80));
    }
    for (const Bytes& ip : leaf.subject_alt_names->ip) {
      names.push_back(address_text(ip));
    }
  }
  if (names.empty()) {
    names.push_back(escaped(leaf.subject.first("CN"), 80));
  }
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kShownNames; ++i) {
    text += (text.empty() ? "" : ", ") + names[i];
  }
  return names.size() > kShownNames ? text + ", …" : text;
}

}  // namespace

x509::CertificatePtr misnamed_leaf(Bench& bench, const Matrix& now) {
  if (cells_with(now, "hostname-mismatch").empty() && cells_with(now, "no-san").empty()) {
    return nullptr;
  }
  const evidence::Handshake* handshake = with_chain(bench);
  const auto chain =
      handshake != nullptr ? bench.chain(*handshake) : std::vector<x509::CertificatePtr>{};
  return chain.empty() ? nullptr : chain.front();
}

std::optional<Observation> observe_names(Bench& bench, const Matrix& now,
                                         std::string_view experiment, const Hypothesis& hypothesis,
                                         const x509::CertificatePtr& leaf) {
  auto seen = observe(experiment, now, bench.judge(hypothesis), kAbout);
  if (seen) {
    seen->facts["names"] = listed_names(*leaf);
    seen->certificates = {leaf};
  }
  return seen;
}

}  // namespace medic::diagnose
