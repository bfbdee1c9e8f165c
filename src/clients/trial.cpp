#include "clients/trial.h"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "base/bytes.h"
#include "base/files.h"

namespace medic::clients {
namespace {

constexpr std::size_t kMaxSaid = 300;
constexpr std::size_t kMaxOutput = std::size_t{256} << 10U;

const Trial* trial_of(std::string_view kind) {
  const auto trials = trial_registry();
  const auto at = std::ranges::find_if(trials, [&](const Trial* t) { return t->kind == kind; });
  return at == trials.end() ? nullptr : *at;
}

bool has_proxy(const machine::Machine& machine) {
  for (const std::string_view name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    if (!machine.variable(name).value_or("").empty()) {
      return true;
    }
  }
  return false;
}

TrialResult not_run(std::string_view why) {
  return {.verdict = TrialVerdict::NotRun, .said = std::string(why)};
}

}  // namespace

std::string trial_url(const TrialTarget& target) {
  const bool ipv6 = target.host.find(':') != std::string::npos;
  return fmt::format("https://{}{}{}:{}/", ipv6 ? "[" : "", target.host, ipv6 ? "]" : "",
                     target.port);
}

std::string_view trial_verdict_id(TrialVerdict verdict) {
  switch (verdict) {
    case TrialVerdict::Pass:
      return "pass";
    case TrialVerdict::Fail:
      return "fail";
    case TrialVerdict::Other:
      return "other";
    case TrialVerdict::NotRun:
      return "not-run";
  }
  return "not-run";
}

std::string last_words(const ProcessOutcome& outcome) {
  const std::string& text = outcome.err.empty() ? outcome.out : outcome.err;
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  if (end == std::string::npos) {
    return {};
  }
  const std::size_t newline = text.rfind('\n', end);
  const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
  return escaped(text.substr(begin, end + 1 - begin), kMaxSaid);
}

bool says_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

namespace {

// The loader's complaint (ld.so exits with 127): the client has no TLS, whatever it was asked.
bool loader_failed(const ProcessOutcome& outcome) {
  constexpr int kLoader = 127;
  return outcome.exit_status == kLoader &&
         outcome.err.find("error while loading shared libraries") != std::string::npos;
}

Environment trial_environment(const machine::Machine& machine, const Trial& trial,
                              const TrialTarget& target, const std::string& directory) {
  Environment environment = machine.environment();
  // Nothing that is read from these decides what a client trusts.
  for (const std::string_view name : {"TMPDIR", "XDG_CACHE_HOME", "XDG_STATE_HOME"}) {
    environment.insert_or_assign(std::string(name), directory);
  }
  environment.insert_or_assign("LC_ALL", "C");  // its words are read
  for (const auto& [name, value] : trial.variables) {
    environment.insert_or_assign(std::string(name), std::string(value));
  }
  if (trial.adapt != nullptr) {
    trial.adapt(target, directory, environment);
  }
  return environment;
}

bool put_file(const Trial& trial, const std::string& directory) {
  return trial.file_name.empty() ||
         write_file(directory + "/" + std::string(trial.file_name), trial.file).has_value();
}

}  // namespace

TrialResult run_trial(const machine::Machine& machine, const Client& client,
                      const TrialTarget& target, const std::function<bool()>& cancelled) {
  const Trial* trial = trial_of(client.kind);
  if (!machine.live()) {
    return not_run("diagnose.trial-other-system");
  }
  if (trial == nullptr) {
    return not_run("diagnose.trial-unknown");
  }
  // Behind a proxy of its own it is the proxy that resolves the name.
  const bool dials = trial->dials_addresses != nullptr && trial->dials_addresses(client);
  if (!target.address.empty() && !dials && !has_proxy(machine)) {
    return not_run("diagnose.trial-address");
  }
  std::vector<std::string> words = trial->command(client, target);
  if (words.empty()) {
    return not_run("diagnose.trial-unknown");
  }
  const auto directory = TemporaryDirectory::make();
  if (!directory || !put_file(*trial, directory->path())) {
    return not_run("diagnose.trial-not-started");
  }
  const auto outcome =
      run_process({.argv = std::move(words),
                   .environment = trial_environment(machine, *trial, target, directory->path()),
                   .directory = directory->path(),
                   .input = std::string(trial->input),
                   .deadline = target.deadline,
                   .max_output_bytes = kMaxOutput,
                   .cancelled = cancelled});
  if (!outcome || outcome->cancelled) {
    return not_run("diagnose.trial-not-started");
  }
  TrialResult result;
  if (outcome->timed_out) {
    result = {.verdict = TrialVerdict::Other, .said = "diagnose.trial-timeout"};
  } else if (loader_failed(*outcome)) {
    result = {.verdict = TrialVerdict::Fail, .said = last_words(*outcome)};
  } else {
    result = trial->read(*outcome);
  }
  result.took = outcome->took;
  return result;
}

std::vector<TrialResult> run_trials(const machine::Machine& machine,
                                    std::span<const Client* const> clients,
                                    const TrialTarget& target,
                                    const std::function<void(const Client&)>& step,
                                    const std::function<bool()>& cancelled) {
  // Most of a trial is start-up of an interpreter; more at once only wait for each other.
  constexpr std::size_t kAtOnce = 3;
  std::vector<TrialResult> results(clients.size());
  std::mutex turn;
  std::size_t next = 0;
  const auto work = [&] {
    for (;;) {
      std::size_t mine = 0;
      {
        const std::scoped_lock lock(turn);
        if (next == clients.size()) {
          return;
        }
        mine = next++;
        step(*clients[mine]);
      }
      results[mine] = run_trial(machine, *clients[mine], target, cancelled);
    }
  };
  std::vector<std::jthread> workers;
  for (std::size_t i = 1; i < std::min(kAtOnce, clients.size()); ++i) {
    workers.emplace_back(work);
  }
  work();
  workers.clear();
  return results;
}

}  // namespace medic::clients
