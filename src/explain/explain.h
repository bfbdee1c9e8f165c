#pragma once

// Text in, failures out: which symptom, who printed it, against which host, what may be the cause
// and what decides. Facts about the text only; nothing is asked of the world.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "explain/likelihood.h"
#include "explain/matcher.h"
#include "explain/signature.h"

namespace medic::explain {

struct Failure {
  std::string symptom;
  bool failure = true;           // false: named, but no failure of TLS (dns-or-tcp, most of other)
  Hides hides = Hides::Nothing;  // what the words leave unsaid
  std::string signature;         // the id of the one that told the symptom
  std::string client;            // who printed it, the outermost that is known; empty: not said
  std::string library;           // whose words the reason is; empty: not said
  std::string host;              // as printed; empty: not said
  std::string port;
  std::size_t line = 0;   // 1-based, where its words begin
  std::size_t count = 1;  // how often it was printed (retries, wrapped exceptions)
  std::string excerpt;    // the words, and a little around them, on one line
  std::map<std::string, std::string, std::less<>> captures;
  std::vector<Likely> causes;
  std::vector<std::string> next;   // commands, the one to run first in front
  std::vector<const Note*> notes;  // what the words hide; owned by the signatures
};

// Names the server of a failure whose text named none: its next commands name it then, too.
void name_host(Failure& failure, std::string host, std::string port);

// Words of a failure where nothing failed.
struct SetAside {
  enum class Why { Documentation, Code, Recovered };
  Why why = Why::Documentation;
  std::string symptom;
  std::size_t line = 0;
  std::string excerpt;
};
std::string_view why_id(SetAside::Why why);  // "documentation", "code", "recovered"

struct Explanation {
  std::vector<Failure> failures;  // the first cause first
  std::vector<SetAside> set_aside;
  std::uint64_t bytes = 0;           // read
  std::size_t more = 0;              // failures beyond the most that are kept
  [[nodiscard]] bool found() const;  // a failure of TLS is among them
};

// What one explanation keeps of each list; the rest is counted.
inline constexpr std::size_t kMostFailures = 64;

// A text that is at hand as a whole.
Result<Explanation> explain_text(const Matcher& matcher, std::string_view text);

}  // namespace medic::explain
