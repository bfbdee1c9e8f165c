#include <fmt/core.h>

#include <algorithm>

#include "diagnose/diagnosis.h"
#include "diagnose/findings.h"
#include "diagnose/path_end.h"
#include "diagnose/wider_hello.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;
using evidence::ProbeSpec;

// Addresses of one name that are looked at; more add connections, not knowledge.
constexpr std::size_t kMaxAddresses = 8;

std::string label(const std::string& address, std::uint16_t port) {
  return address.find(':') != std::string::npos ? fmt::format("[{}]:{}", address, port)
                                                : fmt::format("{}:{}", address, port);
}

// The addresses to dial. Behind a proxy it is the proxy that resolves the name.
evidence::Resolution addresses(const evidence::Case& facts, evidence::World& world) {
  const evidence::TargetFacts& target = facts.target;
  evidence::Resolution found{.host = target.host, .family = facts.asked.family};
  if (target.is_address || !facts.asked.proxy.empty()) {
    found.addresses = {target.host};
  } else if (!facts.asked.addresses.empty()) {
    found.addresses = facts.asked.addresses;
  } else {
    found = world.resolve(target.host, facts.asked.family);
  }
  if (found.addresses.size() > kMaxAddresses) {
    found.addresses.resize(kMaxAddresses);
  }
  return found;
}

// The first look: the mainstream hello at every address; at the first one also the two hellos that
// other clients send (TLS 1.2 at most, and one with a post-quantum share).
void first_look(Bench& bench) {
  std::vector<ProbeSpec> specs;
  for (const Endpoint& endpoint : bench.endpoints()) {
    specs.push_back(bench.main_spec(endpoint.address));
  }
  const std::size_t mains = specs.size();
  if (!specs.empty()) {
    ProbeSpec other = specs.front();
    other.http = false;
    other.max_version = evidence::TlsVersion::Tls12;
    specs.push_back(other);
    other.max_version = evidence::TlsVersion::Tls13;
    other.hello = evidence::HelloSize::PostQuantum;
    specs.push_back(other);
  }
  const std::vector<const Handshake*> answers = bench.probe(specs);
  for (std::size_t i = 0; i < mains; ++i) {
    bench.set_main(i, answers[i]);
  }
}

// Each stage sees the matrix under what earlier experiments added; cells keep their indices.
std::vector<Observation> run_experiments(Bench& bench, const Matrix& baseline) {
  std::vector<Observation> observations;
  Matrix now = baseline;
  for (const Stage stage : {Stage::Reach, Stage::Path, Stage::Rule}) {
    std::vector<ProbeSpec> wanted;
    for (const Experiment* experiment : experiment_registry()) {
      if (experiment->stage == stage && experiment->wants != nullptr) {
        const std::vector<ProbeSpec> specs = experiment->wants(bench, now);
        wanted.insert(wanted.end(), specs.begin(), specs.end());
      }
    }
    static_cast<void>(bench.probe(wanted));
    for (const Experiment* experiment : experiment_registry()) {
      if (experiment->stage == stage) {
        for (Observation& seen : experiment->run(bench, now)) {
          observations.push_back(std::move(seen));
        }
      }
    }
    now = bench.judge(bench.base());
  }
  return observations;
}

bool unreachable(const Bench& bench) {
  return std::ranges::all_of(bench.endpoints(), [](const Endpoint& endpoint) {
    if (endpoint.main == nullptr) {
      return false;
    }
    const auto* late = std::get_if<evidence::TimedOut>(&endpoint.main->outcome);
    return std::holds_alternative<evidence::NotConnected>(endpoint.main->outcome) ||
           (late != nullptr && late->phase == evidence::Phase::Connect);
  });
}

std::vector<x509::CertificatePtr> served_chain(Bench& bench) {
  for (const Handshake* changed : bench.base().handshakes) {
    if (changed != nullptr && !changed->chain.empty()) {
      return bench.chain(*changed);
    }
  }
  for (const Endpoint& endpoint : bench.endpoints()) {
    if (endpoint.main != nullptr && !endpoint.main->chain.empty()) {
      return bench.chain(*endpoint.main);
    }
  }
  return {};
}

// Leaf and issuers in order, without the root: what a server should send.
std::vector<x509::CertificatePtr> full_chain(const std::vector<x509::CertificatePtr>& sent,
                                             const std::vector<x509::CertificatePtr>& extra) {
  std::vector<x509::CertificatePtr> order = issuing_order(sent, extra);
  if (order.size() > 1 && order.back()->self_issued()) {
    order.pop_back();
  }
  return order;
}

// A name that does not resolve is no TLS failure, and there is nothing to try.
Diagnosis not_resolved(const evidence::Case& facts, const evidence::Resolution& resolution) {
  Diagnosis diagnosis{.health = Health::Unreachable};
  Finding finding{.cause = catalogue::find_cause("not-tls"),
                  .party = catalogue::Party::Client,
                  .subject = facts.target.host};
  Observation seen{.experiment = "resolve",
                   .before = facts.target.host,
                   .after = resolution.error,
                   .facts = {{"reason", escaped(resolution.error, 200)}}};
  finding.facts = {{"host", facts.target.unicode},
                   {"port", fmt::format("{}", facts.target.port)},
                   {"reason", escaped(resolution.error, 200)}};
  finding.proof.push_back(std::move(seen));
  if (finding.cause != nullptr) {
    diagnosis.findings.push_back(std::move(finding));
  }
  return diagnosis;
}

}  // namespace

std::string_view health_id(Health health) {
  switch (health) {
    case Health::Healthy:
      return "healthy";
    case Health::Broken:
      return "broken";
    case Health::Unreachable:
      return "unreachable";
  }
  return "broken";
}

Result<Diagnosis> diagnose(const evidence::Case& facts, evidence::World& world, Stores stores) {
  MEDIC_TRY(std::vector<const profiles::Profile*> profiles,
            facts.asked.profiles == "none" ? std::vector<const profiles::Profile*>()
                                           : profiles::select_profiles(facts.asked.profiles));
  const evidence::Resolution resolution = addresses(facts, world);
  if (resolution.addresses.empty()) {
    if (!resolution.answered) {
      return fail(ErrorKind::Data, "the case holds no addresses for the target");
    }
    return not_resolved(facts, resolution);
  }
  Bench bench(facts, world, std::move(stores));
  std::vector<Endpoint> endpoints;
  endpoints.reserve(resolution.addresses.size());
  for (const std::string& address : resolution.addresses) {
    endpoints.push_back({.address = address, .label = label(address, facts.target.port)});
  }
  bench.set_scene(std::move(endpoints), std::move(profiles));
  first_look(bench);
  // Clients with a wider offer than the mainstream one may get through where it did not.
  static_cast<void>(bench.probe(wider_specs(bench, {})));

  Diagnosis diagnosis;
  bench.fetch_for_clients_that_do(bench.judge({}));
  diagnosis.matrix = bench.judge({});
  diagnosis.observations = run_experiments(bench, diagnosis.matrix);
  const Clues clues{bench, diagnosis.matrix, diagnosis.observations};
  diagnosis.findings = stated_findings(clues);
  diagnosis.unexplained = unexplained_cells(diagnosis.matrix, diagnosis.findings);
  for (Finding& finding : suspected_findings(clues, diagnosis.unexplained)) {
    diagnosis.findings.push_back(std::move(finding));
  }
  rank(diagnosis.findings);

  for (const Endpoint& endpoint : bench.endpoints()) {
    diagnosis.endpoint_labels.push_back(endpoint.label);
  }
  diagnosis.chain = served_chain(bench);
  diagnosis.full_chain = full_chain(diagnosis.chain, bench.base().issuers);
  diagnosis.connections = bench.connections();
  const bool error = std::ranges::any_of(
      diagnosis.findings, [](const Finding& f) { return f.severity == Severity::Error; });
  const bool failing = std::ranges::any_of(diagnosis.unexplained, [&](std::size_t cell) {
    return counts_as_error(diagnosis.matrix[cell]);
  });
  diagnosis.health = unreachable(bench) ? Health::Unreachable
                     : error || failing ? Health::Broken
                                        : Health::Healthy;
  return diagnosis;
}

}  // namespace medic::diagnose
