// Leave the root programmes' decisions out: is the chain's root one that they removed, or one whose
// newer certificates they no longer take? Names prove nothing: the root's key must have signed.

#include <fmt/core.h>

#include "diagnose/issuing_path.h"
#include "diagnose/path_end.h"
#include "x509/signature.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"unknown-issuer", "incomplete-chain", "self-signed"};

bool ends_in(const x509::Certificate& top, const x509::Certificate& root) {
  return top.fingerprint == root.fingerprint ||
         x509::check_signature(top, root.public_key) == x509::SignatureCheck::Good;
}

void describe(Observation& seen, const trust::DistrustedRoot& root) {
  seen.subject = escaped(root.certificate->subject.display());
  seen.facts["reason"] = fmt::format("{}, {}", root.programmes, root.since);
  seen.facts["clients"] = root.programmes;
  seen.certificates = {root.certificate};
}

std::optional<Observation> tried(Bench& bench, const trust::DistrustedRoot& root,
                                 const x509::Certificate& leaf) {
  const Matrix now = bench.judge(bench.base());
  Hypothesis hypothesis = bench.base();
  hypothesis.anchors.push_back({.certificate = root.certificate, .source = root.owner});
  auto seen = observe("distrust-applied", now, bench.judge(hypothesis), kAbout);
  if (seen) {
    bench.extend_base(std::move(hypothesis));
  } else if (root.issued_after && leaf.not_before > *root.issued_after) {
    // Stores that cannot express a date still hold it; the programmes' own clients refuse.
    seen = Observation{.experiment = "distrust-applied", .before = "distrusted", .after = "pass"};
  }
  return seen;
}

std::vector<Observation> run(Bench& bench, const Matrix& /*before_stage*/) {
  for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
    const auto order = issuing_order(standing_chain(bench, i), bench.base().issuers);
    if (order.empty()) {
      continue;
    }
    const x509::Certificate& top = *order.back();
    for (const trust::DistrustedRoot& root : bench.stores().distrusted(top.issuer.canonical)) {
      if (!ends_in(top, *root.certificate)) {
        continue;
      }
      if (auto seen = tried(bench, root, *order.front())) {
        describe(*seen, root);
        return {*std::move(seen)};
      }
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_distrusted_root{
    .id = "distrust-applied", .stage = Stage::Path, .run = run};

}  // namespace medic::diagnose
