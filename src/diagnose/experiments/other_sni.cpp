// Ask under other names: the near-by ones, and those for which the certificate was issued that
// came for this one.

#include <algorithm>
#include <variant>

#include "diagnose/nearby_names.h"
#include "diagnose/sni_variants.h"
#include "target/target.h"

namespace medic::diagnose {
namespace {

// Each name is a connection, and what one of a site's names shows the others show as well.
constexpr std::size_t kMaxNames = 2;

// A certificate may hold anything; RFC 6066 section 3: only host names in A-labels are sent.
bool may_be_sent(const std::string& dns) {
  const auto host = target::parse_host(dns);
  return host && host->kind == target::HostKind::Dns && host->ascii == dns;
}

// A connection that is cut off is tried without a name only: the rest of the budget is for the
// other ways to ask.
bool worth_asking(const Bench& bench, const Matrix& now) {
  if (!name_may_matter(bench, now)) {
    return false;
  }
  const evidence::Outcome& outcome = bench.endpoints().front().main->outcome;
  return std::holds_alternative<evidence::Completed>(outcome) ||
         std::holds_alternative<evidence::AlertReceived>(outcome);
}

std::vector<std::string> names(Bench& bench) {
  std::vector<std::string> found = nearby_names(bench.name());
  const auto chain = bench.chain(*bench.endpoints().front().main);
  if (!chain.empty() && chain.front()->subject_alt_names) {
    for (const std::string& dns : chain.front()->subject_alt_names->dns) {
      const bool asked = dns == bench.name() || std::ranges::find(found, dns) != found.end();
      if (!asked && may_be_sent(dns)) {
        found.push_back(dns);
      }
    }
  }
  found.resize(std::min(found.size(), kMaxNames));
  return found;
}

std::vector<evidence::ProbeSpec> wants(Bench& bench, const Matrix& now) {
  std::vector<evidence::ProbeSpec> specs;
  if (worth_asking(bench, now)) {
    for (const std::string& name : names(bench)) {
      specs.push_back(named_spec(bench, name));
    }
  }
  return specs;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  std::vector<Observation> observations;
  if (worth_asking(bench, now)) {
    for (const std::string& name : names(bench)) {
      if (auto seen = observe_named(bench, now, "other-sni", name)) {
        observations.push_back(*std::move(seen));
      }
    }
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_other_sni{
    .id = "other-sni", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
