// Demand a current revocation list, as Windows programs and clients with a CRL do: is the one that
// the certificate names there, current and signed?

#include <fmt/core.h>

#include <optional>
#include <string>

#include "diagnose/issuing_path.h"
#include "x509/crl.h"

namespace medic::diagnose {
namespace {

// Why this answer is no usable list; none when it is one, or when no HTTP answer came at all: a
// network that does not let the question out says nothing about the list.
std::optional<std::string> problem(const evidence::Fetched& answer, const x509::Certificate& issuer,
                                   Time now) {
  if (answer.status == 0 || !answer.error.empty()) {
    return std::nullopt;
  }
  if (answer.status != 200) {
    return fmt::format("HTTP {}", answer.status);
  }
  const auto list = x509::parse_crl(answer.body);
  if (!list) {
    return "no CRL in DER";
  }
  const x509::Crl& crl = **list;
  if (crl.issuer.canonical != issuer.subject.canonical || crl.indirect) {
    return std::nullopt;  // another authority signs it: not judged here
  }
  if (crl.next_update && *crl.next_update < now) {
    return fmt::format("nextUpdate {}", iso_date(*crl.next_update));
  }
  if (crl.this_update > now) {
    return fmt::format("thisUpdate {}", iso_date(crl.this_update));
  }
  return std::nullopt;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (!bench.facts().asked.revocation || bench.endpoints().empty()) {
    return {};
  }
  const auto path = issuing_path(bench, standing_chain(bench, 0));
  if (path.size() < 2 || path.front()->crl_urls.empty()) {
    return {};
  }
  const x509::Certificate& leaf = *path[0];
  const x509::Certificate& issuer = *path[1];
  std::string reason;
  for (const std::string& url : leaf.crl_urls) {
    if (!url.starts_with("http://")) {
      return {};  // ldap:// and the like: not asked, so nothing is known
    }
    const auto wrong = problem(bench.world().fetch({.url = url,
                                                    .purpose = "crl",
                                                    .max_bytes = 16U * 1024U * 1024U,
                                                    .allow_private = bench.may_fetch_private()}),
                               issuer, bench.now());
    if (!wrong) {
      return {};  // one usable list is enough
    }
    reason = fmt::format("{}: {}", escaped(url, 120), *wrong);
  }
  return {{.experiment = "demand-revocation",
           .before = now.empty() ? "pass" : verdict_text(now.front()),
           .after = "crl-problem",
           .subject = escaped(leaf.subject.display()),
           .facts = {{"reason", reason}, {"issuer", escaped(issuer.subject.display())}},
           .certificates = {path.front()}}};
}

}  // namespace

extern constinit const Experiment experiment_demand_revocation{
    .id = "demand-revocation", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
