#pragma once

// A trial: the real client is asked to connect, and its verdict is read. One file in
// src/clients/trials/<kind>.cpp each. Run without a shell, for a bounded time, with the environment
// and the home directory that decide what it trusts, in an empty directory of ours that also takes
// its caches and temporary files; what it is asked to do writes nothing else, and redirects are not
// followed, so that the verdict is about the target. Proxies are the client's own affair, as they
// are when a person runs it.

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/subprocess.h"
#include "clients/client.h"
#include "machine/machine.h"

namespace medic::clients {

struct TrialTarget {
  std::string host;  // A-labels or a numeric address
  std::uint16_t port = 443;
  std::string address;  // dial this one instead of resolving the host; empty: resolve
  std::chrono::milliseconds deadline{10000};
};
// "https://host:port/", with brackets where an address needs them.
std::string trial_url(const TrialTarget& target);

enum class TrialVerdict {
  Pass,    // it accepted the server
  Fail,    // it refused over TLS, or could not read its own CA settings, or has no working TLS
  Other,   // it failed, or said nothing, for a reason that is no question of TLS
  NotRun,  // `said` is a key of data/messages that says why
};
std::string_view trial_verdict_id(TrialVerdict verdict);  // "pass", "fail", "other", "not-run"

struct TrialResult {
  TrialVerdict verdict = TrialVerdict::NotRun;
  std::string said;  // its own last words, escaped
  std::chrono::milliseconds took{};
};

struct Trial {
  std::string_view kind;  // of the clients it can run
  // Whether this one can be told which address to dial; null: no.
  bool (*dials_addresses)(const Client& client) = nullptr;
  // The words to run; none: this one cannot be asked.
  std::vector<std::string> (*command)(const Client& client, const TrialTarget& target);
  TrialResult (*read)(const ProcessOutcome& outcome);
  // Variables besides the client's own: only such that keep it from writing or asking.
  std::span<const std::pair<std::string_view, std::string_view>> variables{};
  // More of them, that name the target or the directory of the trial; null: none.
  void (*adapt)(const TrialTarget& target, const std::string& directory,
                Environment& environment) = nullptr;
  // A program of ours that it runs, put into the directory of the trial; empty: none.
  std::string_view file_name{};
  std::string_view file{};
  std::string_view input{};  // what it reads from its standard input
};

std::span<const Trial* const> trial_registry();

// Runs `client` once. Only on a live machine. `cancelled` ends it early (Ctrl-C); it may be empty.
TrialResult run_trial(const machine::Machine& machine, const Client& client,
                      const TrialTarget& target, const std::function<bool()>& cancelled = {});

// Runs each once, a few at a time, and answers in their order. `step` is told before each, on the
// caller's thread or another, never two at once.
std::vector<TrialResult> run_trials(const machine::Machine& machine,
                                    std::span<const Client* const> clients,
                                    const TrialTarget& target,
                                    const std::function<void(const Client&)>& step,
                                    const std::function<bool()>& cancelled);

// For Trial::read: the last line that says something, escaped.
std::string last_words(const ProcessOutcome& outcome);
// Whether any of the words stands in the text.
bool says_any(std::string_view text, std::span<const std::string_view> words);
// For Trial::dials_addresses.
inline bool always_dials(const Client& /*client*/) {
  return true;
}

}  // namespace medic::clients
