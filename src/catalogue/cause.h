#pragma once

// The public vocabulary with its texts: causes from data/causes/<id>.toml, remedies from
// data/remedies/<id>.toml, faults and symptoms from data/vocabulary/*.toml. Texts only: what
// *matches* a cause is src/diagnose/causes/<id>.cpp.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "text/language.h"
#include "text/messages.h"

namespace medic::catalogue {

enum class Party { Server, Network, Client, Either };
std::string_view party_id(Party party);  // "server", ...

// One language's texts of a cause. `finding` is the sentence of a report, with {placeholders} that
// the cause's matcher fills; the rest is the page `tlsmedic explain <id>`.
struct CauseText {
  std::string title;        // "The server does not send an intermediate certificate"
  std::string finding;      // "{host} does not send the certificate of {issuer}, ..."
  std::string means;        // what it means, 1-3 short paragraphs
  std::string how_we_know;  // the experiment that proves it
  std::string who;          // who can fix it and why them
  std::string near_misses;  // what looks like it and is not
};

struct Cause {
  std::string id;
  Party party = Party::Either;
  std::string parent;  // empty: a listed id of its own
  std::vector<std::string> remedies;
  std::vector<std::string> sources;
  CauseText english;
  CauseText korean;
  [[nodiscard]] const CauseText& text(text::Language language) const;
};

// How to do a remedy with one product: "nginx", "apache", "haproxy", "caddy", "iis", "java", "pip",
// ...
struct HowTo {
  std::string product;
  std::string command;  // configuration or command, verbatim; may hold {placeholders}
  std::string english;  // one sentence around it
  std::string korean;
};

struct RemedyText {
  std::string title;
  std::string text;
};

struct Remedy {
  std::string id;
  Party party = Party::Either;
  std::string risk;  // "none", "low", "medium"
  std::vector<HowTo> how;
  RemedyText english;
  RemedyText korean;
  [[nodiscard]] const RemedyText& text(text::Language language) const;
};

const std::vector<Cause>& all_causes();  // by id
const Cause* find_cause(std::string_view id);
const std::vector<Remedy>& all_remedies();
const Remedy* find_remedy(std::string_view id);

// One line for a fault or symptom id: "expired" -> "the certificate has expired".
std::string fault_title(std::string_view id, text::Language language);
std::string symptom_title(std::string_view id, text::Language language);

}  // namespace medic::catalogue
