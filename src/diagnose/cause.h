#pragma once

// A cause: from what the experiments showed to "why, and who must act". One file in
// src/diagnose/causes/<id with _>.cpp each; its texts are data/causes/<id>.toml.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/cause.h"
#include "diagnose/experiment.h"

namespace medic::diagnose {

enum class Certainty { Proven, Suspected };
enum class Severity { Error, Warning };

// What experiments showed, as causes read it.
struct Clues {
  Bench& bench;
  const Matrix& matrix;  // the baseline
  std::span<const Observation> observations;

  [[nodiscard]] const Observation* observed(std::string_view experiment) const;
  [[nodiscard]] std::vector<const Observation*> all(std::string_view experiment) const;
  // Whether this certificate certifies a key that a self-signed certificate, sent or in a store,
  // also certifies under the same name: it is a cross-certificate.
  [[nodiscard]] bool cross_signed(const Sha256& fingerprint) const;
  // host, port, address and now: facts every sentence may use.
  [[nodiscard]] text::Facts common_facts() const;
};

struct Match {
  std::vector<std::size_t> explains;  // cells; may be empty for a warning about something to come
  Certainty certainty = Certainty::Proven;
  std::optional<Severity> severity;       // none: by the clients that fail
  std::optional<catalogue::Party> party;  // for causes of party "either"
  std::vector<const Observation*> proof;
  std::string subject;  // what exactly: a certificate's name, a header, a box
  std::optional<Sha256> fingerprint;
  text::Facts facts;  // beyond the common ones
  // Causes that say less about the same thing and are dropped when this one is stated.
  std::vector<std::string_view> instead_of;
  // Of a suspicion: the other causes that would look the same.
  std::vector<std::string_view> alternatives{};
};

struct Cause {
  std::string_view id;
  std::vector<Match> (*match)(const Clues& clues) = nullptr;
};

std::span<const Cause* const> cause_registry();

// A match from one observation: its cells, facts, subject and certificate.
Match match_from(const Clues& clues, const Observation& observation);
// The observation of "waive-rule" about this fault id, or null.
const Observation* waived(const Clues& clues, std::string_view fault);
// A match for the rule `fault`, proven by waiving it; empty when that cured nothing.
std::vector<Match> match_rule(const Clues& clues, std::string_view fault);
// The same for one finer rule of it: a fault whose detail ends in ".<detail>". Cells that break it.
std::vector<Match> match_rule_detail(const Clues& clues, std::string_view fault,
                                     std::string_view detail);
// The facts a fault carries, with its subject and fingerprint.
text::Facts fault_facts(const verify::Fault& fault);
// Whether the handshake that stands for the target was seen to end this way.
const evidence::Handshake* main_handshake(const Clues& clues);
// The families of these cells' profiles, each once, comma separated: "curl, python".
std::string client_families(const Matrix& matrix, const std::vector<std::size_t>& cells);
// The facts of a certificate: subject, issuer, fingerprint, not_before, not_after, serial,
// algorithm, ...
void add_certificate_facts(text::Facts& facts, const x509::Certificate& certificate);

}  // namespace medic::diagnose
