#include "remedy/controls.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/bytes.h"
#include "clients/trust_variables.h"
#include "trust/merged_bundle.h"
#include "x509/container.h"

namespace medic::remedy {
namespace {

using clients::Client;
using clients::TrialResult;
using clients::TrialVerdict;

constexpr std::string_view kGood = "expired-leaf.good";
constexpr std::string_view kExpired = "expired-leaf";
constexpr std::string_view kWrongHost = "wrong-host";
constexpr std::array kProxyVariables = {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy",
                                        "ALL_PROXY"};
// An interpreter on a busy machine takes its time before it connects.
constexpr std::chrono::seconds kDeadline{20};
// RFC 6761: .invalid is nobody's, so no certificate is for it.
constexpr std::string_view kNobody = "other-name.tlsmedic.invalid";

machine::Machine with(const machine::Machine& machine, const Environment& variables) {
  Environment environment = machine.environment();
  for (const auto& [name, value] : variables) {
    environment.insert_or_assign(name, value);
  }
  return machine.with_environment(std::move(environment));
}

clients::TrialTarget target_of(const lab::Site& site) {
  return {.host = site.host, .port = site.port, .address = site.address, .deadline = kDeadline};
}

bool numeric(std::string_view address) {
  return address.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos &&
         !address.empty();
}

// A run of questions: who is still asked, and what each answered.
class Round {
 public:
  Round(std::span<const Client* const> asked, const ControlRequest& request)
      : request_(request), rows_(asked.size()) {
    for (std::size_t i = 0; i < asked.size(); ++i) {
      rows_[i].client = asked[i]->id;
      open_.push_back(i);
    }
    asked_.assign(asked.begin(), asked.end());
  }

  [[nodiscard]] std::vector<TrialResult> ask(const machine::Machine& machine,
                                             const clients::TrialTarget& target) const {
    std::vector<const Client*> clients;
    clients.reserve(open_.size());
    for (const std::size_t i : open_) {
      clients.push_back(asked_[i]);
    }
    return clients::run_trials(machine, clients, target, request_.step, request_.cancelled);
  }

  void question(std::string_view id, bool wants_accepted, const machine::Machine& machine,
                const clients::TrialTarget& target) {
    std::vector<TrialResult> results = ask(machine, target);
    for (std::size_t i = 0; i < results.size(); ++i) {
      rows_[open_[i]].controls.push_back(
          {.id = id, .wants_accepted = wants_accepted, .result = std::move(results[i])});
    }
  }

  // The first question decides who can be asked at all.
  void first_question(std::string_view id, const machine::Machine& machine,
                      const clients::TrialTarget& target) {
    question(id, false, machine, target);
    std::erase_if(open_, [&](std::size_t i) {
      const TrialResult& result = rows_[i].controls.front().result;
      const bool silent =
          result.verdict == TrialVerdict::NotRun || result.verdict == TrialVerdict::Other;
      if (silent) {
        rows_[i].untested = result.said.empty() ? "fix.trial_silent" : result.said;
        rows_[i].controls.clear();
      }
      return silent;
    });
  }

  void lend(const machine::Machine& machine, const clients::TrialTarget& target) {
    const std::vector<TrialResult> results = ask(machine, target);
    for (std::size_t i = 0; i < results.size(); ++i) {
      rows_[open_[i]].lent = results[i].verdict == TrialVerdict::Pass;
    }
  }

  [[nodiscard]] bool anybody() const { return !open_.empty() && !request_.cancelled(); }
  std::vector<ClientControls> rows() && { return std::move(rows_); }

 private:
  const ControlRequest& request_;
  std::vector<const Client*> asked_;
  std::vector<std::size_t> open_;
  std::vector<ClientControls> rows_;
};

}  // namespace

bool Control::failed() const {
  return result.verdict == (wants_accepted ? TrialVerdict::Fail : TrialVerdict::Pass);
}

Result<Controls> Controls::start(Time at) {
  const std::array<std::string, 2> faults = {std::string(kExpired), std::string(kWrongHost)};
  MEDIC_TRY(auto lab, lab::start_lab(faults, at));
  Controls controls(std::move(lab));
  trust::MergedRoots roots;
  std::string text;
  for (const lab::Site& site : controls.lab_->sites()) {
    for (const auto& root : x509::read_certificates(as_bytes(site.ca_pem)).certificates) {
      roots.roots.push_back({.certificate = root, .sources = {"lab"}});
      text += x509::pem(*root);
    }
  }
  auto bundle = MemoryFile::make(text);
  auto keystore = MemoryFile::make(as_text(trust::jks_of(roots, "changeit", at)));
  if (bundle && keystore) {
    controls.bundle_ = bundle->path();
    controls.keystore_ = keystore->path();
    controls.files_.push_back(*std::move(bundle));
    controls.files_.push_back(*std::move(keystore));
  }
  return controls;
}

// Clients that cannot be told an address find the lab's names through its proxy.
machine::Machine Controls::in_the_lab(const machine::Machine& machine, bool lent) const {
  Environment variables;
  for (const char* const name : kProxyVariables) {
    variables[name] = lab_->proxy_url();
  }
  variables["no_proxy"] = "";
  variables["NO_PROXY"] = "";
  if (lent) {
    for (const auto& [name, value] :
         clients::trust_environment(bundle_, keystore_, machine.environment())) {
      variables[name] = value;
    }
  }
  return with(machine, variables);
}

std::vector<ClientControls> Controls::run(const machine::Machine& machine,
                                          std::span<const Client* const> asked,
                                          const ControlRequest& request) const {
  Round round(asked, request);
  const machine::Machine plain = in_the_lab(machine, false);
  round.first_question("unknown-ca", plain, target_of(*lab_->site(kGood)));
  if (!round.anybody()) {
    return std::move(round).rows();
  }
  const machine::Machine lent = bundle_.empty() ? plain : in_the_lab(machine, true);
  if (!bundle_.empty()) {
    round.lend(lent, target_of(*lab_->site(kGood)));
  }
  round.question("expired", false, lent, target_of(*lab_->site(kExpired)));
  round.question("wrong-host", false, lent, target_of(*lab_->site(kWrongHost)));
  if (request.target) {
    round.question("target", true, machine, *request.target);
    if (numeric(request.target->address)) {
      clients::TrialTarget other = *request.target;
      other.host = kNobody;
      round.question("other-name", false, machine, other);
    }
  }
  return std::move(round).rows();
}

Result<void> all_as_they_must(std::span<const ClientControls> rows) {
  for (const ClientControls& row : rows) {
    for (const Control& control : row.controls) {
      if (control.failed()) {
        return fail(ErrorKind::Data,
                    control.wants_accepted
                        ? fmt::format("the real {} still refuses the target: {}",
                                      escaped(row.client), control.result.said)
                        : fmt::format("the real {} accepts what it must refuse ({})",
                                      escaped(row.client), control.id),
                    "a change that does not cure, or that weakens, is not kept",
                    fmt::format("tlsmedic inventory why {}", escaped(row.client)));
      }
    }
  }
  return {};
}

}  // namespace medic::remedy
