// Judge a client that refuses the chain with the store of one that accepts it: "it works in curl
// and not in pip" is then one sentence, with the certificate that makes the difference.

#include <algorithm>

#include "diagnose/client_rows.h"
#include "diagnose/experiment.h"
#include "diagnose/path_end.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"unknown-issuer", "incomplete-chain", "self-signed"};
// Pairs that are shown; a machine may have dozens of Python environments.
constexpr std::size_t kMaxPairs = 12;

bool distrusts(const Cell& cell) {
  return !cell.client.empty() && cell.verdict == CellVerdict::Fail &&
         std::ranges::any_of(kAbout, [&](std::string_view id) { return has_fault(cell, id); });
}

// The anchor above the last certificate of the path, which `has` holds and `lacks` does not.
std::string difference(const std::vector<x509::CertificatePtr>& path, const trust::AnchorSet& has,
                       const trust::AnchorSet* lacks) {
  for (auto at = path.rbegin(); at != path.rend(); ++at) {
    for (const Bytes& subject : {(*at)->issuer.canonical, (*at)->subject.canonical}) {
      for (const trust::Anchor& anchor : has.by_subject(subject)) {
        if (lacks == nullptr || !lacks->holds(*anchor.certificate)) {
          return anchor.certificate->subject.display();
        }
      }
    }
  }
  return {};
}

struct Pair {
  const Cell& refuses;
  const Cell& accepts;
};

std::optional<Observation> compare(Bench& bench, const Matrix& now, const Pair& pair) {
  const evidence::ClientFacts* client = client_of(bench, pair.refuses);
  const evidence::ClientFacts* other = client_of(bench, pair.accepts);
  const auto store = bench.stores().by_id.find(pair.accepts.store);
  if (client == nullptr || other == nullptr || store == bench.stores().by_id.end()) {
    return std::nullopt;
  }
  Hypothesis hypothesis = bench.base();
  hypothesis.store = store->second.get();
  auto seen = observe("other-client", now, bench.judge(hypothesis), kAbout);
  if (!seen) {
    return std::nullopt;
  }
  // The change is about this client; others may be relieved by another pair.
  std::erase_if(seen->relieved,
                [&](std::size_t cell) { return now[cell].client != pair.refuses.client; });
  const Endpoint& endpoint = bench.endpoints()[pair.refuses.endpoint];
  if (seen->relieved.empty() || endpoint.main == nullptr) {
    return std::nullopt;
  }
  const auto own = bench.stores().by_id.find(pair.refuses.store);
  const std::string anchor =
      difference(issuing_order(bench.chain(*endpoint.main), hypothesis.issuers), *store->second,
                 own == bench.stores().by_id.end() ? nullptr : own->second.get());
  if (anchor.empty()) {
    return std::nullopt;
  }
  seen->subject = pair.accepts.client;
  seen->facts = {{"client", escaped(client->id)},
                 {"store", escaped(client->store)},
                 {"rule", escaped(client->rule)},
                 {"other", escaped(other->id)},
                 {"other_store", escaped(other->store)},
                 {"other_rule", escaped(other->rule)},
                 {"ca", escaped(anchor)}};
  return seen;
}

std::vector<Observation> run(Bench& bench, const Matrix& /*before_stage*/) {
  if (bench.facts().clients.empty()) {
    return {};
  }
  const Matrix now = bench.judge(bench.base());
  std::vector<Observation> observations;
  for (const Cell& refuses : now) {
    if (!distrusts(refuses) || observations.size() == kMaxPairs) {
      continue;
    }
    for (const Cell& accepts : now) {
      if (accepts.endpoint != refuses.endpoint || accepts.client.empty() ||
          accepts.verdict != CellVerdict::Pass || accepts.store == refuses.store) {
        continue;
      }
      if (auto seen = compare(bench, now, {.refuses = refuses, .accepts = accepts})) {
        observations.push_back(*std::move(seen));
        break;
      }
    }
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_other_client{
    .id = "other-client", .stage = Stage::Path, .run = run};

}  // namespace medic::diagnose
