#pragma once

// The public vocabulary with its texts: causes from data/causes/<id>.toml, remedies from
// data/remedies/<id>.toml, faults and symptoms from data/vocabulary/*.toml. Texts only: what
// *matches* a cause is src/diagnose/causes/<id>.cpp.
//
// Placeholders. The `finding` sentence is a contract with the matcher: it holds exactly the facts
// that the entry's `facts` key lists, and the matcher fills all of them. The names, and no others
// (kFacts):
//   host port address        what was asked for; the numeric address dialled
//   url proxy status         the URL; the proxy's URL without credentials; an HTTP status
//   subject issuer ca        display names of a certificate, of its issuer, of a CA
//   fingerprint serial       SHA-256 of the certificate, lower-case hex; serial number, hex
//   not_before not_after     validity of that certificate
//   now server_date          this machine's clock; the server's Date header
//   names suggestion         names in the certificate, comma separated; a name that would match
//   version versions         a TLS version; the versions the peer accepts, comma separated
//   protocol                 what is spoken instead of TLS, or the STARTTLS protocol
//   alert bytes seconds count   TLS alert name; sizes; durations; how many
//   algorithm key_bits       signature or key algorithm; size of a key
//   vendor store rule        name of an interception product; of a trust store; of a broken rule
//   clients reason           clients affected, comma separated; a library's or peer's own words
// Remedies may use {host} and {port} only: every diagnosis has both.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
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
  std::string parent;                 // empty: a listed id of its own
  std::string since;                  // the first version of the program that knows it
  std::vector<std::string> facts;     // placeholders of the finding sentences, sorted
  text::Facts example;                // made-up values for pages, where the general ones read badly
  std::vector<std::string> symptoms;  // ids of what clients print for it, the likeliest first
  std::vector<std::string> remedies;  // ids, the one to try first in front
  std::vector<std::string> sources;
  CauseText english;
  CauseText korean;
  [[nodiscard]] const CauseText& text(text::Language language) const;
};

// How to do a remedy with one product: "nginx", "apache", "haproxy", "caddy", "iis", "java", "pip",
// ...
struct HowTo {
  std::string product;
  // Configuration or command, as a pattern for text::filled(): {host} is a placeholder, and a brace
  // of the configuration itself stands doubled here (the data file holds it once).
  std::string command;
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

// Each file is parsed when it is first asked for; find_* parses only the file named by the id.
const std::vector<Cause>& all_causes();  // by id
const Cause* find_cause(std::string_view id);
const std::vector<Remedy>& all_remedies();
const Remedy* find_remedy(std::string_view id);

// One line for a fault or symptom id: "expired" -> "the certificate has expired".
std::string fault_title(std::string_view id, text::Language language);
std::string symptom_title(std::string_view id, text::Language language);
// Every id of the two, in the order of the files.
std::vector<std::string> fault_ids();
std::vector<std::string> symptom_ids();

// "apache" -> "Apache httpd".
std::string product_name(std::string_view product);
// The product whose how-tos speak to an installed client of this kind: "npm" -> "node", "pip" ->
// "pip".
std::string client_product(std::string_view kind);

// Every fact name a finding may use.
std::span<const std::string_view> fact_names();

// All embedded files of the catalogue, for checks and tools.
std::span<const EmbeddedFile> catalogue_files();

}  // namespace medic::catalogue
