// Trust exactly the server's own certificate: if that cures it, the certificate stands alone
// (nobody but itself vouches for it).

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"self-signed", "unknown-issuer", "incomplete-chain"};

std::vector<Observation> run(Bench& bench, const Matrix& /*before_stage*/) {
  // An issuer that was just added may have done already.
  const Matrix now = bench.judge(bench.base());
  for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
    const evidence::Handshake* changed =
        i < bench.base().handshakes.size() ? bench.base().handshakes[i] : nullptr;
    const evidence::Handshake* handshake = changed != nullptr ? changed : bench.endpoints()[i].main;
    if (handshake == nullptr) {
      continue;
    }
    const auto chain = bench.chain(*handshake);
    if (chain.empty() || !chain.front()->self_issued()) {
      continue;
    }
    Hypothesis hypothesis = bench.base();
    hypothesis.anchors.push_back({.certificate = chain.front(), .source = "sent by the server"});
    if (auto seen = observe("trust-leaf", now, bench.judge(hypothesis), kAbout)) {
      seen->subject = escaped(chain.front()->subject.display());
      seen->certificates = {chain.front()};
      bench.extend_base(std::move(hypothesis));
      return {*std::move(seen)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_trust_leaf{
    .id = "trust-leaf", .stage = Stage::Path, .run = run};

}  // namespace medic::diagnose
