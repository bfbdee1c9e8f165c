// Check the certificate for another name: the near-by ones, and each name it was issued for.

#include <algorithm>

#include "diagnose/experiment.h"
#include "diagnose/nearby_names.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"hostname-mismatch", "no-san"};
constexpr std::size_t kMaxNames =
    32;  // shown and tried; public certificates hold up to a few hundred

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

// Names to ask for, best guess first. A wildcard is tried with a label in its place.
std::vector<std::string> candidates(const Bench& bench, const x509::Certificate& leaf) {
  std::vector<std::string> names = nearby_names(bench.name());
  if (leaf.subject_alt_names) {
    for (const std::string& dns : leaf.subject_alt_names->dns) {
      names.push_back(dns.starts_with("*.") ? "www" + dns.substr(1) : dns);
    }
  }
  if (names.size() > kMaxNames) {
    names.resize(kMaxNames);
  }
  return names;
}

std::string listed_names(const x509::Certificate& leaf) {
  std::string text;
  std::size_t count = 0;
  const auto add = [&](const std::string& name) {
    if (count < 8) {
      text += (text.empty() ? "" : ", ") + escaped(name, 80);
    } else if (count == 8) {
      text += ", …";
    }
    ++count;
  };
  if (leaf.subject_alt_names) {
    for (const std::string& dns : leaf.subject_alt_names->dns) {
      add(dns);
    }
    for (const Bytes& ip : leaf.subject_alt_names->ip) {
      if (ip.size() == 4) {
        add(std::to_string(ip[0]) + "." + std::to_string(ip[1]) + "." + std::to_string(ip[2]) +
            "." + std::to_string(ip[3]));
      } else {
        add("ip:" + hex(ip));
      }
    }
  }
  if (text.empty()) {
    add(leaf.subject.first("CN"));
  }
  return text;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (cells_with(now, "hostname-mismatch").empty() && cells_with(now, "no-san").empty()) {
    return {};
  }
  const evidence::Handshake* handshake = with_chain(bench);
  const auto chain =
      handshake != nullptr ? bench.chain(*handshake) : std::vector<x509::CertificatePtr>{};
  if (chain.empty()) {
    return {};
  }
  const x509::Certificate& leaf = *chain.front();
  for (const std::string& name : candidates(bench, leaf)) {
    Hypothesis hypothesis = bench.base();
    hypothesis.name = name;
    if (auto seen = observe("other-name", now, bench.judge(hypothesis), kAbout)) {
      seen->subject = name;
      seen->facts["suggestion"] = name;
      seen->facts["names"] = listed_names(leaf);
      seen->certificates = {chain.front()};
      return {*std::move(seen)};
    }
  }
  // No name would do: the certificate has none that this rule reads. Waiving the rule shows that
  // nothing else stands in the way.
  Hypothesis hypothesis = bench.base();
  hypothesis.waived = {"hostname-mismatch", "no-san"};
  if (auto seen = observe("name-not-checked", now, bench.judge(hypothesis), kAbout)) {
    seen->facts["names"] = listed_names(leaf);
    seen->certificates = {chain.front()};
    return {*std::move(seen)};
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_other_name{
    .id = "other-name", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
