#include "diagnose/bench.h"

#include <openssl/sha.h>

#include <algorithm>
#include <set>
#include <utility>

#include "diagnose/transport.h"
#include "target/ip_address.h"
#include "verify/issuer_fetch.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;
using evidence::ProbeSpec;

Sha256 sha256(const Bytes& bytes) {
  Sha256 digest{};
  SHA256(bytes.data(), bytes.size(), digest.data());
  return digest;
}

// An anchor set with a few more anchors: "what if this root were trusted?"
class WidenedAnchors final : public trust::AnchorSet {
 public:
  WidenedAnchors(const trust::AnchorSet* base, std::vector<trust::Anchor> extra)
      : base_(base), extra_(std::move(extra)), id_(base != nullptr ? base->id() : "none") {}

  [[nodiscard]] const std::string& id() const override { return id_; }
  [[nodiscard]] std::string description() const override {
    return base_ != nullptr ? base_->description() : std::string();
  }
  [[nodiscard]] std::size_t size() const override {
    return extra_.size() + (base_ != nullptr ? base_->size() : 0);
  }
  [[nodiscard]] std::vector<trust::Anchor> by_subject(const Bytes& canonical) const override {
    std::vector<trust::Anchor> found;
    if (base_ != nullptr) {
      found = base_->by_subject(canonical);
    }
    for (const trust::Anchor& anchor : extra_) {
      if (anchor.certificate->subject.canonical == canonical) {
        found.push_back(anchor);
      }
    }
    return found;
  }
  [[nodiscard]] bool contains(const Sha256& fingerprint) const override {
    return std::ranges::any_of(
               extra_,
               [&](const trust::Anchor& a) { return a.certificate->fingerprint == fingerprint; }) ||
           (base_ != nullptr && base_->contains(fingerprint));
  }
  [[nodiscard]] std::vector<trust::Anchor> all() const override {
    std::vector<trust::Anchor> anchors;
    if (base_ != nullptr) {
      anchors = base_->all();
    }
    anchors.insert(anchors.end(), extra_.begin(), extra_.end());
    return anchors;
  }
  [[nodiscard]] const std::vector<std::string>& problems() const override { return problems_; }

 private:
  const trust::AnchorSet* base_;
  std::vector<trust::Anchor> extra_;
  std::string id_;
  std::vector<std::string> problems_;
};

// Whether the hypothesis takes away a setting that this client obeys.
bool is_repaired(const evidence::ClientFacts& client, const Hypothesis& hypothesis) {
  return hypothesis.repaired_path &&
         std::ranges::any_of(client.broken, [&](const evidence::BrokenSetting& setting) {
           return setting.path == *hypothesis.repaired_path;
         });
}

bool verifies_nothing(const evidence::ClientFacts* client, const Hypothesis& hypothesis) {
  return client != nullptr && !client->verifies && !hypothesis.verifying;
}

// The setting at which the client gives up before it connects, if any.
const evidence::BrokenSetting* fatal_setting(const evidence::ClientFacts& client) {
  const auto at = std::ranges::find_if(client.broken, &evidence::BrokenSetting::fatal);
  return at == client.broken.end() ? nullptr : &*at;
}

// What keeps the client from speaking TLS at all, if anything does.
const evidence::ClientProblem* runtime_problem(const evidence::ClientFacts& client) {
  const auto at = std::ranges::find_if(client.problems, [](const evidence::ClientProblem& p) {
    return p.cause == "ssl-module-broken" || p.cause == "openssl-library-mismatch";
  });
  return at == client.problems.end() ? nullptr : &*at;
}

verify::Fault runtime_fault(const evidence::ClientProblem& problem) {
  verify::Fault fault;
  fault.id =
      problem.cause == "ssl-module-broken" ? "ssl-module-missing" : "ssl-library-load-failure";
  fault.certificate = verify::Place::Chain;
  fault.subject = escaped(problem.subject);
  fault.facts = {{"reason", problem.reason}};
  return fault;
}

verify::Fault settings_fault(const evidence::BrokenSetting& setting) {
  verify::Fault fault;
  fault.id = "ca-bundle-missing-or-unreadable";
  fault.certificate = verify::Place::Chain;
  fault.subject = escaped(setting.path);
  fault.facts = {{"rule", setting.rule}, {"path", escaped(setting.path)}};
  return fault;
}

}  // namespace

Bench::Bench(const evidence::Case& facts, evidence::World& world, Stores stores)
    : facts_(facts),
      world_(world),
      stores_(std::move(stores)),
      name_(facts.target.host),
      signatures_(verify::make_signature_cache()) {}

Bench::~Bench() = default;

void Bench::set_scene(std::vector<Endpoint> endpoints,
                      std::vector<const profiles::Profile*> profiles) {
  endpoints_ = std::move(endpoints);
  profiles_ = std::move(profiles);
}

bool Bench::may_fetch_private() const {
  return facts_.asked.fetch_private ||
         std::ranges::any_of(endpoints_, [](const Endpoint& endpoint) {
           const auto address = target::parse_ip(endpoint.address);
           return address && target::is_private(*address);
         });
}

void Bench::set_main(std::size_t endpoint, const Handshake* handshake) {
  endpoints_[endpoint].main = handshake;
}

ProbeSpec Bench::main_spec(const std::string& address) const {
  ProbeSpec spec;
  spec.address = address;
  spec.port = facts_.target.port;
  if (facts_.asked.sni) {
    if (!facts_.asked.sni->empty()) {
      spec.sni = *facts_.asked.sni;
    }
  } else if (!facts_.target.is_address) {  // RFC 6066 section 3: literal addresses are not sent
    spec.sni = facts_.target.host;
  }
  spec.starttls = facts_.target.starttls;
  spec.proxy = facts_.asked.proxy;
  spec.client_certificate = facts_.asked.client_certificate;
  spec.http = facts_.target.http && facts_.target.starttls.empty();
  spec.deadline_ms = facts_.asked.deadline_ms;
  return spec;
}

std::vector<const Handshake*> Bench::probe(std::span<const ProbeSpec> specs) {
  const std::size_t budget =
      kMaxConnections + (endpoints_.size() > 1 ? 2 * (endpoints_.size() - 1) : 0);
  std::vector<ProbeSpec> fresh;
  for (const ProbeSpec& spec : specs) {
    if (!handshakes_.contains(spec) && std::ranges::find(fresh, spec) == fresh.end() &&
        order_.size() + fresh.size() < budget) {
      fresh.push_back(spec);
    }
  }
  if (!fresh.empty()) {
    for (std::optional<Handshake>& answer : world_.handshakes(fresh)) {
      if (answer) {
        const ProbeSpec spec = answer->spec;
        const auto [at, added] = handshakes_.emplace(spec, *std::move(answer));
        if (added) {
          order_.push_back(&at->second);
        }
      }
    }
  }
  std::vector<const Handshake*> answers;
  answers.reserve(specs.size());
  for (const ProbeSpec& spec : specs) {
    answers.push_back(observed(spec));
  }
  return answers;
}

const Handshake* Bench::probe(const ProbeSpec& spec) {
  return probe(std::span(&spec, 1)).front();
}

const Handshake* Bench::observed(const ProbeSpec& spec) const {
  const auto at = handshakes_.find(spec);
  return at == handshakes_.end() ? nullptr : &at->second;
}

std::vector<x509::CertificatePtr> Bench::chain(const Handshake& handshake) {
  std::vector<x509::CertificatePtr> certificates;
  for (const Bytes& der : handshake.chain) {
    const Sha256 key = sha256(der);
    auto at = parsed_.find(key);
    if (at == parsed_.end()) {
      auto parsed = x509::parse_certificate(der);
      at = parsed_.emplace(key, parsed ? *std::move(parsed) : nullptr).first;
    }
    if (at->second != nullptr) {
      certificates.push_back(at->second);
    }
  }
  return certificates;
}

std::size_t Bench::unreadable(const Handshake& handshake) const {
  return static_cast<std::size_t>(std::ranges::count_if(handshake.chain, [&](const Bytes& der) {
    const auto at = parsed_.find(sha256(der));
    return at != parsed_.end() && at->second == nullptr;
  }));
}

const trust::AnchorSet* Bench::anchors_for(const profiles::Profile& profile,
                                           const Hypothesis& hypothesis,
                                           const evidence::ClientFacts* client) const {
  if (hypothesis.store != nullptr) {
    return hypothesis.store;
  }
  if (client != nullptr) {
    const auto own = stores_.by_id.find(is_repaired(*client, hypothesis) ? client->repaired_store
                                                                         : client->store);
    if (own != stores_.by_id.end()) {
      return own->second.get();
    }
    // Where a library that cannot be loaded would look nobody can say; the system's store is what
    // most read.
    const auto system = stores_.by_id.find("system");
    const bool assume = hypothesis.working_runtime && runtime_problem(*client) != nullptr;
    return assume && system != stores_.by_id.end() ? system->second.get() : nullptr;
  }
  if (stores_.for_all != nullptr) {
    return stores_.for_all.get();
  }
  const auto at = stores_.by_id.find(profile.store);
  return at == stores_.by_id.end() ? nullptr : at->second.get();
}

const trust::AnchorSet* Bench::widened(const trust::AnchorSet* store,
                                       const std::vector<trust::Anchor>& extra) {
  if (extra.empty()) {
    return store;
  }
  widened_.push_back(std::make_shared<WidenedAnchors>(store, extra));
  return widened_.back().get();
}

void Bench::fetch_for_clients_that_do(const Matrix& first) {
  const bool somebody_fetches = std::ranges::any_of(
      profiles_, [](const profiles::Profile* p) { return p->verify.fetches_missing_issuers; });
  const bool missing = std::ranges::any_of(
      first, [](const Cell& cell) { return has_fault(cell, "unknown-issuer"); });
  if (!somebody_fetches || !missing) {
    return;
  }
  for (const Endpoint& endpoint : endpoints_) {
    if (endpoint.main != nullptr) {
      const verify::FetchedIssuers found = verify::fetch_issuers(
          world_, chain(*endpoint.main), {.allow_private = may_fetch_private()});
      fetchable_.insert(fetchable_.end(), found.certificates.begin(), found.certificates.end());
    }
  }
}

namespace {

// What the trial showed of this endpoint. A client that chose its address itself says something of
// an endpoint only where there is no other.
void add_trial(Cell& cell, const evidence::ClientFacts& client, const Endpoint& endpoint,
               std::size_t endpoints) {
  if (!client.trial) {
    return;
  }
  const evidence::TrialFacts& trial = *client.trial;
  const bool here = trial.address.empty() ? endpoints == 1 : trial.address == endpoint.address;
  const bool decided = trial.verdict == "pass" || trial.verdict == "fail";
  if (here && decided) {
    cell.observed = trial.verdict;
  }
  if (here || !decided) {
    cell.said = trial.said;
  }
}

}  // namespace

Matrix Bench::judge(const Hypothesis& hypothesis) {
  Matrix matrix;
  matrix.reserve(endpoints_.size() * (profiles_.size() + facts_.clients.size()));
  for (std::size_t endpoint = 0; endpoint < endpoints_.size(); ++endpoint) {
    for (const profiles::Profile* profile : profiles_) {
      matrix.push_back(judge_cell(*profile, endpoint, hypothesis, nullptr));
    }
    for (const evidence::ClientFacts& client : facts_.clients) {
      const profiles::Profile* profile = profiles::find_profile(client.profile);
      if (profile != nullptr) {
        matrix.push_back(judge_cell(*profile, endpoint, hypothesis, &client));
      } else {
        Cell cell{.profile = profiles::find_profile("openssl"),
                  .endpoint = endpoint,
                  .why = "diagnose.untested-no-profile",
                  .client = client.id,
                  .rule = client.rule};
        add_trial(cell, client, endpoints_[endpoint], endpoints_.size());
        matrix.push_back(std::move(cell));
      }
    }
  }
  return matrix;
}

namespace {

// A client that does not offer to check the leaf's kind of key gets no handshake: servers with a
// choice would send another certificate, this one has none.
std::optional<verify::Fault> key_fault(const profiles::TlsRules& rules,
                                       const x509::Certificate& leaf) {
  const x509::PublicKey& key = leaf.public_key;
  const bool ed25519 = key.type == x509::KeyType::Ed25519 && !rules.offers_ed25519;
  const bool p521 = key.type == x509::KeyType::Ec && key.curve == "P-521" && !rules.offers_p521;
  const bool pss = key.type == x509::KeyType::RsaPss && !rules.offers_rsa_pss_key;
  if (!ed25519 && !p521 && !pss) {
    return std::nullopt;
  }
  verify::Fault fault;
  fault.id = "no-shared-cipher";
  fault.certificate = verify::Place::Leaf;
  fault.subject = escaped(leaf.subject.display());
  fault.fingerprint = leaf.fingerprint;
  fault.facts = {{"algorithm", ed25519 ? "Ed25519" : p521 ? "ECDSA P-521" : "RSASSA-PSS"}};
  return fault;
}

}  // namespace

Transport Bench::transport_of(const profiles::Profile& profile, const Endpoint& place) const {
  ProbeSpec spec = main_spec(place.address);
  Observed seen{.main = place.main};
  spec.http = false;
  spec.max_version = evidence::TlsVersion::Tls12;
  seen.tls12 = observed(spec);
  spec.max_version = evidence::TlsVersion::Tls13;
  spec.hello = evidence::HelloSize::PostQuantum;
  seen.post_quantum = observed(spec);
  spec.hello = evidence::HelloSize::Classical;
  spec.offer = evidence::Offer::Everything;
  spec.min_version = evidence::TlsVersion::Tls10;
  seen.everything = observed(spec);
  return judge_transport(profile, seen);
}

Transport Bench::transport_for(const profiles::Profile& profile, std::size_t endpoint,
                               const Hypothesis& hypothesis) const {
  const Handshake* changed =
      endpoint < hypothesis.handshakes.size() ? hypothesis.handshakes[endpoint] : nullptr;
  if (changed != nullptr) {
    return {.handshake = changed, .fault = outcome_fault(*changed)};
  }
  return transport_of(profile, endpoints_[endpoint]);
}

Cell Bench::judge_cell(const profiles::Profile& profile, std::size_t endpoint,
                       const Hypothesis& hypothesis, const evidence::ClientFacts* client) {
  Cell cell{.profile = &profile, .endpoint = endpoint};
  if (client != nullptr) {
    cell.client = client->id;
    cell.rule = client->rule;
    add_trial(cell, *client, endpoints_[endpoint], endpoints_.size());
    const evidence::ClientProblem* broken = runtime_problem(*client);
    if (broken != nullptr && !hypothesis.working_runtime) {
      cell.faults.push_back(runtime_fault(*broken));
      cell.verdict = CellVerdict::Fail;
      return cell;
    }
    const evidence::BrokenSetting* fatal = fatal_setting(*client);
    if (fatal != nullptr && !is_repaired(*client, hypothesis)) {
      cell.faults.push_back(settings_fault(*fatal));
      cell.verdict = CellVerdict::Fail;
      return cell;
    }
  }
  const Transport transport = transport_for(profile, endpoint, hypothesis);
  if (transport.handshake == nullptr) {
    cell.why = "diagnose.untested-no-handshake";
    return cell;
  }
  if (transport.fault) {
    cell.faults.push_back(*transport.fault);
    cell.verdict = CellVerdict::Fail;
  }
  judge_chain(cell, transport, hypothesis, client);
  return cell;
}

void Bench::judge_chain(Cell& cell, const Transport& transport, const Hypothesis& hypothesis,
                        const evidence::ClientFacts* client) {
  const profiles::Profile& profile = *cell.profile;
  const bool changed = cell.endpoint < hypothesis.handshakes.size() &&
                       hypothesis.handshakes[cell.endpoint] != nullptr;
  std::vector<x509::CertificatePtr> certificates = chain(*transport.handshake);
  if (certificates.empty()) {
    if (!transport.fault) {
      cell.why = "diagnose.untested-no-certificate";
    }
    return;
  }
  if (!changed && !transport.fault) {
    // Such a client never gets to judge the chain.
    if (auto fault = key_fault(profile.tls, *certificates.front())) {
      cell.faults.push_back(*std::move(fault));
      cell.verdict = CellVerdict::Fail;
      return;
    }
  }
  if (verifies_nothing(client, hypothesis)) {
    cell.verdict = transport.fault ? CellVerdict::Fail : CellVerdict::Pass;
    return;
  }
  const trust::AnchorSet* anchors = anchors_for(profile, hypothesis, client);
  if (anchors == nullptr) {
    if (!transport.fault) {
      cell.why = "diagnose.untested-no-store";
    }
    return;
  }
  cell.store = anchors->id();
  std::optional<profiles::Profile> lenient;
  if (hypothesis.lenient && profile.verify.strict) {
    lenient = profile;
    lenient->verify.strict = false;
  }
  // As if the server had sent them too: that is the change these stand for.
  certificates.insert(certificates.end(), hypothesis.issuers.begin(), hypothesis.issuers.end());
  const verify::Verdict verdict = verify::judge({.chain = certificates,
                                                 .extra = profile.verify.fetches_missing_issuers
                                                              ? fetchable_
                                                              : std::vector<x509::CertificatePtr>{},
                                                 .name = hypothesis.name.value_or(name_),
                                                 .at = hypothesis.at.value_or(facts_.at),
                                                 .profile = lenient ? &*lenient : &profile,
                                                 .anchors = widened(anchors, hypothesis.anchors),
                                                 .revocation = hypothesis.revocation,
                                                 .crls = hypothesis.crls,
                                                 .ocsp_staple = transport.handshake->ocsp_staple,
                                                 .waived = hypothesis.waived,
                                                 .cache = signatures_.get()});
  cell.faults.insert(cell.faults.end(), verdict.faults.begin(), verdict.faults.end());
  cell.verdict = transport.fault || !verdict.pass ? CellVerdict::Fail : CellVerdict::Pass;
}

}  // namespace medic::diagnose
