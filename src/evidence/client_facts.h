#pragma once

// An installed client in a case: what a machine's inventory said of its trust when the case was
// made, and what the client itself said of the target. All that a replay needs to know of a machine
// that it does not see.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace medic::evidence {

// A setting that names CA certificates which the client could not use.
struct BrokenSetting {
  std::string rule;     // "SSL_CERT_FILE"
  std::string path;     // what it names
  std::string trouble;  // "absent", "unreadable", "no-certificate", ...
  std::string place;    // where that stands: "/etc/pip.conf:3"; empty: in the environment
  bool fatal = false;   // the client gives up; else it goes on without
};

// Something wrong with the client itself that its files show: its TLS cannot be loaded, its
// verification is switched off, its roots were never installed.
struct ClientProblem {
  std::string cause;    // a cause's id: "ssl-module-broken"
  std::string subject;  // what is broken: an interpreter, a module, a CA file that is not there
  std::string rule;     // the setting that did it; empty: none
  std::string place;    // where that stands: "/etc/pip.conf:3", "environment"; empty: nowhere
  std::string reason;   // in the words of the system: "No module named '_ssl'"
};

// The real client was run against the target.
struct TrialFacts {
  // "pass": it accepted the server. "fail": it refused over TLS. "other": it failed for a reason
  // that is no question of TLS. "not-run": see `said`.
  std::string verdict;
  std::string said;  // its own last words, escaped; why it was not run, a key of diagnose.toml
  // What it was told to dial; empty: it chose among the target's addresses itself.
  std::string address;
  std::uint32_t took_ms = 0;
};

struct ClientFacts {
  std::string id;       // "pip", "curl@/opt/curl/bin/curl"
  std::string kind;     // "pip"
  std::string version;  // empty: not known
  std::string profile;  // how it decides; empty: no profile fits, so it cannot be simulated
  std::string store;    // id of the StoreFacts it reads; empty: none can be opened
  std::string rule;     // which rule made it so
  bool verifies = true;
  std::vector<BrokenSetting> broken;
  // The store it would read if the broken settings were taken away; empty: not known.
  std::string repaired_store;
  // The edition of Mozilla's list that its store is nearest to ("2021-09-30"); empty: the newest,
  // or the store is no list of public roots.
  std::string old_edition;
  std::vector<ClientProblem> problems;
  std::optional<TrialFacts> trial;
};

}  // namespace medic::evidence
