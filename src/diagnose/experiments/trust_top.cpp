// Trust the topmost certificate that is at hand, as if it were in the store: if that cures it, the
// chain is sound and only trust in this CA is missing.

#include "diagnose/experiment.h"
#include "diagnose/path_end.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"self-signed", "unknown-issuer", "incomplete-chain",
                                       "bad-signature"};

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
    const auto order = issuing_order(bench.chain(*handshake), bench.base().issuers);
    if (order.size() < 2) {
      continue;
    }
    const x509::CertificatePtr& top = order.back();
    Hypothesis hypothesis = bench.base();
    hypothesis.anchors.push_back({.certificate = top, .source = "sent by the server"});
    if (auto seen = observe("trust-top", now, bench.judge(hypothesis), kAbout)) {
      seen->subject = escaped(top->subject.display());
      seen->facts["ca"] =
          escaped(top->self_issued() ? top->subject.display() : top->issuer.display());
      seen->certificates = {top};
      bench.extend_base(std::move(hypothesis));
      return {*std::move(seen)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_trust_top{
    .id = "trust-top", .stage = Stage::Path, .run = run};

}  // namespace medic::diagnose
