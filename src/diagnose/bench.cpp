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
                                           const Hypothesis& hypothesis) const {
  if (hypothesis.store != nullptr) {
    return hypothesis.store;
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

Matrix Bench::judge(const Hypothesis& hypothesis) {
  Matrix matrix;
  matrix.reserve(endpoints_.size() * profiles_.size());
  for (std::size_t endpoint = 0; endpoint < endpoints_.size(); ++endpoint) {
    for (const profiles::Profile* profile : profiles_) {
      matrix.push_back(judge_cell(*profile, endpoint, hypothesis));
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

Cell Bench::judge_cell(const profiles::Profile& profile, std::size_t endpoint,
                       const Hypothesis& hypothesis) {
  Cell cell{.profile = &profile, .endpoint = endpoint};
  const Handshake* changed =
      endpoint < hypothesis.handshakes.size() ? hypothesis.handshakes[endpoint] : nullptr;
  Transport transport = changed != nullptr
                            ? Transport{.handshake = changed, .fault = outcome_fault(*changed)}
                            : transport_of(profile, endpoints_[endpoint]);
  if (transport.handshake == nullptr) {
    cell.why = "diagnose.untested-no-handshake";
    return cell;
  }
  if (transport.fault) {
    cell.faults.push_back(*transport.fault);
    cell.verdict = CellVerdict::Fail;
  }
  std::vector<x509::CertificatePtr> certificates = chain(*transport.handshake);
  if (certificates.empty()) {
    if (!transport.fault) {
      cell.why = "diagnose.untested-no-certificate";
    }
    return cell;
  }
  if (changed == nullptr && !transport.fault) {
    transport.fault = key_fault(profile.tls, *certificates.front());
    if (transport.fault) {  // such a client never gets to judge the chain
      cell.faults.push_back(*transport.fault);
      cell.verdict = CellVerdict::Fail;
      return cell;
    }
  }
  const trust::AnchorSet* anchors = anchors_for(profile, hypothesis);
  if (anchors == nullptr) {
    if (!transport.fault) {
      cell.why = "diagnose.untested-no-store";
    }
    return cell;
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
  return cell;
}

}  // namespace medic::diagnose
