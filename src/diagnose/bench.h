#pragma once

// The bench on which a diagnosis works: the facts so far, the world behind them (live or replayed),
// and "what would the matrix say if one thing were different?". It bounds the connections made to
// the target, so no experiment can flood it.

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "diagnose/matrix.h"
#include "evidence/case.h"
#include "evidence/world.h"
#include "trust/anchors.h"
#include "trust/distrust.h"

namespace medic::diagnose {

// One address of the target and the handshake that stands for it.
struct Endpoint {
  std::string address;                        // numeric; the host name behind a proxy
  std::string label;                          // "192.0.2.1:443"
  const evidence::Handshake* main = nullptr;  // null: not observed (replay of an older case)
};

// One change to the world. Every member left alone is the world as it is.
struct Hypothesis {
  std::optional<Time> at;
  std::optional<std::string> name;
  std::vector<x509::CertificatePtr> issuers;  // more candidates for path building
  std::vector<trust::Anchor> anchors;         // trusted besides each profile's store
  const trust::AnchorSet* store = nullptr;    // instead of each profile's store
  std::vector<std::string> waived;            // fault ids not counted
  bool lenient = false;                       // strict clients judge as the others do
  // Installed clients that obey a setting which names this unusable path read what they would read
  // without it.
  std::optional<std::string> repaired_path;
  // Installed clients whose TLS module or library cannot be loaded could load it.
  bool working_runtime = false;
  // Installed clients whose verification is switched off verify.
  bool verifying = false;
  verify::Revocation revocation = verify::Revocation::Off;
  std::vector<Bytes> crls;  // DER, for revocation
  // Per endpoint: another handshake in place of the main one; null entries leave it. When it
  // completed, the profile's own limits on versions and ciphers are not applied: the change is to
  // lift them.
  std::vector<const evidence::Handshake*> handshakes;
};

// The anchor sets profiles may ask for, by id ("system", "mozilla"), or one for all (--roots).
struct Stores {
  std::map<std::string, trust::AnchorSetPtr, std::less<>> by_id;
  trust::AnchorSetPtr for_all;                              // --roots; null: each profile's own
  std::map<std::string, std::string, std::less<>> missing;  // id -> why it could not be opened
  // Roots of this subject that root programmes removed or limited.
  std::function<std::vector<trust::DistrustedRoot>(const Bytes& canonical)> distrusted =
      trust::distrusted_roots;
};

// New connections to the target in one diagnosis: fewer than 8 for a target of one address.
inline constexpr std::size_t kMaxConnections = 7;

struct Transport;  // diagnose/transport.h

class Bench {
 public:
  // Keeps references: both must outlive the bench.
  Bench(const evidence::Case& facts, evidence::World& world, Stores stores);
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  Bench(Bench&&) = delete;
  Bench& operator=(Bench&&) = delete;
  ~Bench();

  [[nodiscard]] const evidence::Case& facts() const { return facts_; }
  [[nodiscard]] const Stores& stores() const { return stores_; }
  [[nodiscard]] std::span<const Endpoint> endpoints() const { return endpoints_; }
  [[nodiscard]] std::span<const profiles::Profile* const> profiles() const { return profiles_; }
  // The name certificates are checked against.
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Time now() const { return facts_.at; }

  // Decides who is asked: addresses and profiles. Called once, before anything else.
  void set_scene(std::vector<Endpoint> endpoints, std::vector<const profiles::Profile*> profiles);
  void set_main(std::size_t endpoint, const evidence::Handshake* handshake);

  // The question that stands for an endpoint: current client, the target's own SNI, HTTP if it
  // speaks it.
  [[nodiscard]] evidence::ProbeSpec main_spec(const std::string& address) const;
  // Asks all that were not asked before, within the connection budget; answers in the order asked,
  // null where the budget is spent or a replayed case does not hold the answer.
  std::vector<const evidence::Handshake*> probe(std::span<const evidence::ProbeSpec> specs);
  const evidence::Handshake* probe(const evidence::ProbeSpec& spec);
  // The answer if it was asked before, else null. Costs nothing.
  [[nodiscard]] const evidence::Handshake* observed(const evidence::ProbeSpec& spec) const;
  // Every handshake seen so far, in the order asked.
  [[nodiscard]] std::span<const evidence::Handshake* const> all_observed() const { return order_; }
  [[nodiscard]] std::size_t connections() const { return order_.size(); }
  evidence::World& world() { return world_; }
  // Addresses in certificates are the server's choice: they may lead to private networks only when
  // the target itself is in one.
  [[nodiscard]] bool may_fetch_private() const;

  // The certificates of a handshake, parsed; unreadable ones are left out (see unreadable()).
  std::vector<x509::CertificatePtr> chain(const evidence::Handshake& handshake);
  [[nodiscard]] std::size_t unreadable(const evidence::Handshake& handshake) const;

  // Fetches what clients that follow AIA would fetch, so that the matrix knows their verdict. Asks
  // nobody when no such profile is there or no issuer is missing.
  void fetch_for_clients_that_do(const Matrix& first);
  Matrix judge(const Hypothesis& hypothesis);
  // The world with every change that experiments proved necessary to see further (a missing issuer
  // added, an old version allowed): later experiments start from it.
  [[nodiscard]] const Hypothesis& base() const { return base_; }
  void extend_base(Hypothesis base) { base_ = std::move(base); }

 private:
  // What this client's own handshake with the endpoint comes to, from what was observed.
  [[nodiscard]] Transport transport_of(const profiles::Profile& profile,
                                       const Endpoint& place) const;
  // `client`: the row is an installed client of this profile; null: the profile itself.
  Cell judge_cell(const profiles::Profile& profile, std::size_t endpoint,
                  const Hypothesis& hypothesis, const evidence::ClientFacts* client);
  // The part of it that looks at the certificates that `transport` got.
  void judge_chain(Cell& cell, const Transport& transport, const Hypothesis& hypothesis,
                   const evidence::ClientFacts* client);
  Transport transport_for(const profiles::Profile& profile, std::size_t endpoint,
                          const Hypothesis& hypothesis) const;
  const trust::AnchorSet* anchors_for(const profiles::Profile& profile,
                                      const Hypothesis& hypothesis,
                                      const evidence::ClientFacts* client) const;
  const trust::AnchorSet* widened(const trust::AnchorSet* store,
                                  const std::vector<trust::Anchor>& extra);

  const evidence::Case& facts_;
  evidence::World& world_;
  Stores stores_;
  std::string name_;
  std::vector<Endpoint> endpoints_;
  std::vector<const profiles::Profile*> profiles_;
  std::map<evidence::ProbeSpec, evidence::Handshake> handshakes_;  // stable addresses
  std::vector<const evidence::Handshake*> order_;
  std::map<Sha256, x509::CertificatePtr> parsed_;
  std::vector<trust::AnchorSetPtr> widened_;
  std::shared_ptr<verify::SignatureCache> signatures_;
  std::vector<x509::CertificatePtr> fetchable_;  // for profiles that fetch missing issuers
  Hypothesis base_;
};

}  // namespace medic::diagnose
