// Take the certificate that another connection to the same address got: load balancers sometimes
// have one member with other files.

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
    const Endpoint& endpoint = bench.endpoints()[i];
    if (endpoint.main == nullptr || endpoint.main->chain.empty()) {
      continue;
    }
    for (const Handshake* other : bench.all_observed()) {
      const bool same_question = other->spec.address == endpoint.address &&
                                 other->spec.sni == endpoint.main->spec.sni &&
                                 other->spec.proxy == endpoint.main->spec.proxy;
      if (!same_question || other->chain.empty() ||
          other->chain.front() == endpoint.main->chain.front()) {
        continue;
      }
      // Either of the two may be the good one.
      for (const Handshake* better : {other, endpoint.main}) {
        Hypothesis hypothesis = bench.base();
        hypothesis.handshakes.assign(bench.endpoints().size(), nullptr);
        hypothesis.handshakes[i] = better;
        if (auto seen = observe("other-connection", now, bench.judge(hypothesis))) {
          seen->handshake = better;
          seen->certificates = bench.chain(*better);
          return {*std::move(seen)};
        }
      }
      // All clients happen to have met the good one: the other is as likely the next time.
      Hypothesis hypothesis = bench.base();
      hypothesis.handshakes.assign(bench.endpoints().size(), nullptr);
      hypothesis.handshakes[i] = other;
      const Matrix met_other = bench.judge(hypothesis);
      for (std::size_t cell = 0; cell < now.size(); ++cell) {
        if (now[cell].verdict == CellVerdict::Pass &&
            met_other[cell].verdict == CellVerdict::Fail && counts_as_error(now[cell])) {
          return {{.experiment = "other-connection",
                   .before = verdict_text(met_other[cell]),
                   .after = verdict_text(now[cell]),
                   .certificates = bench.chain(*endpoint.main),
                   .handshake = endpoint.main}};
        }
      }
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_other_connection{
    .id = "other-connection", .stage = Stage::Reach, .run = run};

}  // namespace medic::diagnose
