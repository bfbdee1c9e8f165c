#include "scan/tally.h"

#include <algorithm>
#include <iterator>

#include "evidence/tls.h"

namespace medic::scan {
namespace {

constexpr std::size_t kMostIssuers = 2000;

}  // namespace

void Tally::add(const Finding& finding) {
  ++findings;
  pass += finding.verdict == Verdict::Pass ? 1U : 0U;
  fail += finding.verdict == Verdict::Fail ? 1U : 0U;
  unreachable += finding.verdict == Verdict::Unreachable ? 1U : 0U;
  if (finding.verdict != Verdict::Pass && !finding.faults.empty()) {
    ++faults[finding.faults.front()];
  }
  undiagnosed += finding.verdict == Verdict::Fail && finding.diagnosis != "made" ? 1U : 0U;
  for (const StatedCause& cause : finding.causes) {
    ++causes[cause.id];
  }
  if (!finding.causes.empty()) {
    ++parties[finding.causes.front().party];
  }
  if (finding.seen.handshake.version) {
    ++versions[std::string(evidence::version_text(*finding.seen.handshake.version))];
  }
  if (finding.seen.chain.empty()) {
    return;
  }
  const x509::Certificate& leaf = *finding.seen.chain.front();
  const std::string issuer = leaf.issuer.display();
  if (issuers.size() < kMostIssuers || issuers.contains(issuer)) {
    ++issuers[issuer];
  }
  const std::string fingerprint(as_text(leaf.fingerprint));
  if (leaves.size() < kMostCertificates || leaves.contains(fingerprint)) {
    ++leaves[fingerprint];
  }
  if (finding.verdict == Verdict::Pass) {
    expiring.insert({.not_after = leaf.not_after, .place = finding.place.text()});
    if (expiring.size() > kExpiring) {
      expiring.erase(std::prev(expiring.end()));
    }
  }
}

std::vector<std::pair<std::string, std::uint64_t>> ranked(
    const std::map<std::string, std::uint64_t>& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> list(counts.begin(), counts.end());
  std::ranges::stable_sort(list, [](const auto& a, const auto& b) { return a.second > b.second; });
  return list;
}

}  // namespace medic::scan
