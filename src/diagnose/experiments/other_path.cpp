// No change: an expired certificate was sent that no current client needs, because another path is
// valid. Clients that take the path as sent (OpenSSL 1.0, GnuTLS before 3.6.14) fail on it.

#include <algorithm>

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  const bool all_pass =
      std::ranges::all_of(now, [](const Cell& cell) { return cell.verdict == CellVerdict::Pass; });
  if (!all_pass) {
    return {};
  }
  for (const Endpoint& endpoint : bench.endpoints()) {
    if (endpoint.main == nullptr) {
      continue;
    }
    const auto chain = bench.chain(*endpoint.main);
    for (std::size_t i = 1; i < chain.size(); ++i) {
      if (chain[i]->not_after < bench.now()) {
        return {{.experiment = "other-path",
                 .before = "expired",
                 .after = "pass",
                 .subject = escaped(chain[i]->subject.display()),
                 .certificates = {chain[i]},
                 .handshake = endpoint.main}};
      }
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_other_path{
    .id = "other-path", .stage = Stage::Path, .run = run};

}  // namespace medic::diagnose
