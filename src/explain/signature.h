#pragma once

// An error text that we know: data/signatures/<directory>/<name>.toml. What the words are, which
// library or client prints them, which symptom they are, and real lines that must and must not
// match. CONTRIBUTING.md has the recipe. Which causes a symptom may have is in symptom.h; a
// signature says more only where its words tell more.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "explain/likelihood.h"
#include "explain/pattern.h"

namespace medic::explain {

// The symptom of words that do not say what failed, or that nothing did.
inline constexpr std::string_view kHiddenSymptom = "other";

// A line that must (not) match; what is given besides must come out, too.
struct Example {
  std::string line;
  std::string because;  // of a [[no_match]]: what it is instead
  std::optional<std::string> symptom;
  std::optional<std::string> client;
  std::optional<std::string> library;
  std::optional<std::string> host;
};

struct Note {
  std::string english;
  std::string korean;
};

// What words of symptom "other" leave unsaid.
enum class Hides {
  Nothing,  // they are no failure of TLS
  Reason,   // TLS failed, and they do not say how
  Whether,  // something failed, and they do not say whether it was TLS
};

struct Signature {
  std::string id;       // "openssl/unable-to-get-local-issuer": its path
  std::string library;  // whose words: "openssl", "go", "schannel"; empty: a client's own words
  std::string client;   // who prints them: "curl", "pip"; empty: any program over the library
  std::string symptom;  // empty: the words only tell the client (a frame: "Could not fetch URL")
  // Only of symptom "other".
  Hides hides = Hides::Nothing;
  // 0..100: of what one failure printed, the highest tells the symptom. 10 a frame or wrapper that
  // hides the reason, 30 "verification failed", 60 a reason, 80 a reason in detail.
  int specificity = 60;
  // Words that people also write when nothing failed ("certificate has expired"): they count only
  // in a line that a program printed as an error.
  bool plain_words = false;
  std::vector<std::string> patterns;  // any of them
  std::vector<CauseWeight> causes;    // empty: those of the symptom
  std::vector<Shift> shifts;          // beside those of the symptom
  // Said with the failure: what these words hide or leave open. Empty: nothing.
  Note note;
  std::vector<std::string> sources;
  std::vector<Example> match;
  std::vector<Example> no_match;
};

using Problems = std::vector<std::string>;

// Every problem is added to `problems` as "file:line: key: what was expected".
Signature parse_signature(const EmbeddedFile& file, Problems& problems);

// "data/signatures/curl/exit-code.toml" -> "curl/exit-code".
std::string_view signature_id(std::string_view path);

}  // namespace medic::explain
