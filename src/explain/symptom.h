#pragma once

// What a symptom may mean: data/symptoms/<id>.toml, beside its one line in
// data/vocabulary/symptoms.toml. Causes with weights, what shifts them, the next command, and the
// page `tlsmedic explain <id>`.

#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "explain/likelihood.h"
#include "explain/signature.h"
#include "text/language.h"

namespace medic::explain {

struct SymptomText {
  std::string means;   // what the words say, and what they do not
  std::string decide;  // the question that decides between the causes
};

struct Symptom {
  std::string id;
  bool failure = true;  // false: seen and named, but no failure of TLS (dns-or-tcp, other unless
                        // its words hide one)
  std::vector<CauseWeight> causes;
  std::vector<Shift> shifts;
  // Commands with {host}, {port}, {client}; the first whose places are all known is the next step.
  std::vector<std::string> next;
  std::vector<std::string> sources;
  SymptomText english;
  SymptomText korean;
  [[nodiscard]] const SymptomText& text(text::Language language) const {
    return language == text::Language::Korean ? korean : english;
  }
};

Symptom parse_symptom(const EmbeddedFile& file, Problems& problems);

// Null when data/symptoms has no such file.
const Symptom* find_symptom(std::string_view id);

}  // namespace medic::explain
