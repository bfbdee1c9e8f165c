#pragma once

// Any client's command tried against the lab: does it refuse what it must, and accept what it
// should? A client accepts a site when its exit status is 0.

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "lab/lab.h"

namespace medic::lab {

enum class TrialVerdict {
  Right,
  WronglyAccepts,
  WronglyRefuses,
  Depends,   // neither answer is wrong
  Untested,  // the command cannot be pointed at this site, `reason` says why
};
std::string_view verdict_id(TrialVerdict verdict);  // "right", "wrongly-accepts", ...

struct Trial {
  const Site* site = nullptr;
  TrialVerdict verdict = TrialVerdict::Untested;
  bool accepted = false;
  bool timed_out = false;
  int exit_status = 0;
  std::chrono::milliseconds took{};
  std::string reason;  // a key of data/messages/*/lab.toml; untested only
  std::string output;  // what the client printed last, raw, at most 400 octets
};

// How clients find the lab's names. A word of the command may hold {url}, {ca}, {host}, {port},
// {address}, {resolve} (curl's form) and {proxy} (a CONNECT proxy that knows the names, or the
// proxy of the fault).
enum class ProxyUse {
  OnlyForProxyFaults,  // https_proxy is set where the fault is a proxy, and removed elsewhere
  Always,              // https_proxy names the lab's proxy for all sites
};

struct TrialPlan {
  std::vector<std::string> command;
  ProxyUse proxy = ProxyUse::OnlyForProxyFaults;
  std::chrono::milliseconds timeout{10000};
  Environment environment;          // the client's, before the proxy variables are set
  std::filesystem::path directory;  // for CA files
  std::function<bool()> cancelled;
  std::function<void(std::size_t done, std::size_t all)> progress;
};

// An Error of kind Usage when no word of the command says where to go, or how to find a lab name.
Result<void> check_command(const TrialPlan& plan);

// One run per site, in order; ends early (with fewer trials) when cancelled. An Error when the
// program cannot be started at all.
Result<std::vector<Trial>> run_trials(const Lab& lab, const TrialPlan& plan);

}  // namespace medic::lab
