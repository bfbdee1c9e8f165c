// Ask for a name that nobody can own (RFC 6761 section 6.4): whoever answers with a certificate for
// it, from the same CA, makes certificates on the way.

#include <algorithm>
#include <variant>

#include "diagnose/experiment.h"
#include "x509/host_name.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kNobodysName = "nobody.tlsmedic.invalid";

// Only where an unknown CA vouches for the certificate, and no proxy was asked for.
const Endpoint* in_question(const Bench& bench) {
  if (bench.endpoints().empty() || bench.base().anchors.empty() ||
      !bench.facts().asked.proxy.empty() || bench.facts().target.is_address) {
    return nullptr;
  }
  const Endpoint& endpoint = bench.endpoints().front();
  const bool finished = endpoint.main != nullptr &&
                        std::holds_alternative<evidence::Completed>(endpoint.main->outcome);
  return finished ? &endpoint : nullptr;
}

evidence::ProbeSpec nobodys_spec(const Bench& bench, const Endpoint& endpoint) {
  evidence::ProbeSpec spec = bench.main_spec(endpoint.address);
  spec.http = false;
  spec.sni = std::string(kNobodysName);
  return spec;
}

bool named(const x509::Certificate& leaf) {
  return leaf.subject_alt_names &&
         std::ranges::any_of(leaf.subject_alt_names->dns, [](const std::string& dns) {
           return x509::dns_name_matches(dns, kNobodysName);
         });
}

std::vector<evidence::ProbeSpec> wants(Bench& bench, const Matrix& /*now*/) {
  const Endpoint* endpoint = in_question(bench);
  if (endpoint == nullptr) {
    return {};
  }
  const auto chain = bench.chain(*endpoint->main);
  if (chain.empty() || chain.front()->self_issued() || named(*chain.front())) {
    return {};
  }
  return {nobodys_spec(bench, *endpoint)};
}

std::vector<Observation> run(Bench& bench, const Matrix& /*now*/) {
  const Endpoint* endpoint = in_question(bench);
  const evidence::Handshake* answer =
      endpoint != nullptr ? bench.observed(nobodys_spec(bench, *endpoint)) : nullptr;
  if (answer == nullptr) {
    return {};
  }
  const auto chain = bench.chain(*endpoint->main);
  const auto minted = bench.chain(*answer);
  if (chain.empty() || minted.empty() || !named(*minted.front()) ||
      minted.front()->issuer.canonical != chain.front()->issuer.canonical) {
    return {};
  }
  // What the missing trust in that CA breaks, before anything was changed.
  const Matrix before = bench.judge({});
  Observation seen{.experiment = "minted-name",
                   .before = bench.name(),
                   .after = escaped(minted.front()->issuer.display()),
                   .subject = std::string(kNobodysName),
                   .certificates = {chain.back()},
                   .handshake = answer};
  for (const std::string_view fault : {"unknown-issuer", "self-signed", "incomplete-chain"}) {
    for (const std::size_t cell : cells_with(before, fault)) {
      if (std::ranges::find(seen.relieved, cell) == seen.relieved.end()) {
        seen.relieved.push_back(cell);
      }
    }
  }
  return {std::move(seen)};
}

}  // namespace

extern constinit const Experiment experiment_minted_name{
    .id = "minted-name", .stage = Stage::Rule, .wants = wants, .run = run};

}  // namespace medic::diagnose
