#pragma once

// Sentences that several reports share.

#include <span>
#include <string>
#include <vector>

#include "diagnose/diagnosis.h"
#include "text/language.h"

namespace medic::report {

// What one fault of a cell means, with its own facts where it has a sentence for them.
std::string fault_sentence(const verify::Fault& fault, text::Language language);
// "expired,hostname-mismatch" of a proof in words; what is no list of ids comes back unchanged.
std::string verdict_words(std::string_view verdict, text::Language language);
// What an experiment did and showed, in one sentence.
std::string proof_sentence(const diagnose::Observation& proof, text::Language language);
// The sentence of a finding. A suspected one does not assert its cause: it lists the candidates.
std::string finding_sentence(const diagnose::Finding& finding, text::Language language);
// What to ask next where nothing was proven: a sentence with the command.
std::string next_sentence(const diagnose::Finding& finding, const evidence::Case& facts,
                          text::Language language);
// The products that this case is about: the server's, and those of the installed clients where only
// clients were asked for. Empty: nothing is known.
std::vector<std::string> products_at_hand(const evidence::Case& facts);
// The how-tos of a remedy for these products, tlsmedic's own first; all of them when it has none.
std::vector<const catalogue::HowTo*> how_tos(const catalogue::Remedy& remedy,
                                             std::span<const std::string> products);
// A how-to's command with the target's host and port filled in.
std::string command_text(const catalogue::HowTo& how, const evidence::Case& facts);
// The remedy's own text, filled in the same way.
std::string remedy_text(const catalogue::Remedy& remedy, const evidence::Case& facts,
                        text::Language language);
// Why the installed client of this cell was not run; empty: it was, or it is no installed client.
std::string trial_gap(const diagnose::Cell& cell, text::Language language);
// The name of a cell in JSON: "curl@192.0.2.1:443".
std::string cell_name(const diagnose::Diagnosis& diagnosis, std::size_t cell);

}  // namespace medic::report
