#pragma once

// A verdict for people and for programs: schema "tlsmedic.verify/1" (docs/schema/verify-1.json).

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/command.h"
#include "verify/verify.h"

namespace medic::cli {

// The broken rule as a sentence.
std::string fault_text(const verify::Fault& fault, text::Language language);
nlohmann::ordered_json faults_json(const std::vector<verify::Fault>& faults,
                                   const profiles::Profile& profile, text::Language language);
nlohmann::ordered_json certificate_json(const x509::Certificate& certificate);

// `agreement` is of the reference run, not compared when there was none.
nlohmann::ordered_json verdict_json(const verify::Question& question,
                                    const verify::Verdict& verdict,
                                    const verify::Agreement& agreement, text::Language language);
std::string verdict_text(const verify::Question& question, const verify::Verdict& verdict,
                         const verify::Agreement& agreement, const Io& io);

// The question as one line that `verify --batch` reads.
nlohmann::ordered_json question_json(const verify::Question& question);

}  // namespace medic::cli
