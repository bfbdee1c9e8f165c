#include "scan/judge.h"

#include <fmt/core.h>

#include <algorithm>
#include <variant>

#include "diagnose/transport.h"
#include "target/ip_address.h"

namespace medic::scan {
namespace {

// The cache of signature edges keeps every certificate; it is begun anew after so many chains,
// which costs the CA edges once more.
constexpr std::size_t kChainsPerCache = 20000;

std::string phase_id(evidence::Phase phase) {
  switch (phase) {
    case evidence::Phase::Connect:
      return "connect";
    case evidence::Phase::Proxy:
      return "proxy";
    case evidence::Phase::StartTls:
      return "starttls";
    case evidence::Phase::Handshake:
      return "handshake";
    case evidence::Phase::AfterHandshake:
      return "after-handshake";
  }
  return {};
}

// The outcome's word and what is to be said beside it.
struct OutcomeWords {
  using Words = std::pair<std::string, std::string>;
  Words operator()(const evidence::Completed& /*o*/) const { return {"completed", ""}; }
  Words operator()(const evidence::AlertReceived& o) const {
    return {"alert", evidence::alert_name(o.code)};
  }
  Words operator()(const evidence::RefusedByUs& o) const { return {"refused", o.reason}; }
  Words operator()(const evidence::TimedOut& o) const { return {"timeout", phase_id(o.phase)}; }
  Words operator()(const evidence::Closed& o) const {
    return {o.reset ? "reset" : "closed", phase_id(o.phase)};
  }
  Words operator()(const evidence::NotTls& o) const { return {"not-tls", o.protocol}; }
  Words operator()(const evidence::NotConnected& o) const { return {"not-connected", o.reason}; }
  Words operator()(const evidence::ProxyRefused& o) const {
    return {"proxy-refused", fmt::format("{} {}", o.status, o.reason)};
  }
  Words operator()(const evidence::StartTlsRefused& o) const {
    return {"starttls-refused", o.reason};
  }
};

bool never_spoke(const evidence::Outcome& outcome) {
  if (const auto* late = std::get_if<evidence::TimedOut>(&outcome)) {
    return late->phase == evidence::Phase::Connect;
  }
  return std::holds_alternative<evidence::NotConnected>(outcome);
}

}  // namespace

std::string_view verdict_id(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass:
      return "pass";
    case Verdict::Fail:
      return "fail";
    case Verdict::Unreachable:
      return "unreachable";
  }
  return {};
}

Judge::Judge(JudgeRules rules) : rules_(std::move(rules)), cache_(verify::make_signature_cache()) {
  for (const profiles::Profile* profile : rules_.profiles) {
    const auto store = rules_.stores.find(profile->store);
    stores_.push_back(rules_.for_all                 ? rules_.for_all.get()
                      : store == rules_.stores.end() ? nullptr
                                                     : store->second.get());
  }
}

Judge::~Judge() = default;

std::vector<Finding> Judge::findings(Visit visit, Time now) {
  std::vector<Finding> made;
  if (visit.seen.empty()) {
    Finding finding{.place = visit.place,
                    .at = now,
                    .verdict = Verdict::Unreachable,
                    .faults = {"dns-or-tcp"},
                    .outcome = "not-resolved",
                    .detail = visit.lookup_error,
                    .lookup = visit.lookup,
                    .diagnosis = "unreachable"};
    made.push_back(std::move(finding));
  }
  for (Seen& seen : visit.seen) {
    made.push_back(finding(visit, std::move(seen), now));
  }
  return made;
}

Finding Judge::finding(const Visit& visit, Seen seen, Time now) {
  Finding finding{.place = visit.place,
                  .address = seen.handshake.spec.address,
                  .at = now,
                  .seen = std::move(seen),
                  .lookup = visit.lookup};
  const evidence::Outcome& outcome = finding.seen.handshake.outcome;
  std::tie(finding.outcome, finding.detail) = std::visit(OutcomeWords{}, outcome);
  const bool completed = std::holds_alternative<evidence::Completed>(outcome);
  finding.authenticated =
      completed && (finding.seen.finished || !finding.seen.handshake.peer_signature.empty());
  if (completed) {
    judge_chain(finding);
    return finding;
  }
  finding.verdict = never_spoke(outcome) ? Verdict::Unreachable : Verdict::Fail;
  if (finding.verdict == Verdict::Unreachable) {
    finding.diagnosis = "unreachable";
  }
  if (const auto fault = diagnose::outcome_fault(finding.seen.handshake)) {
    finding.faults.push_back(fault->id);
  }
  return finding;
}

void Judge::judge_chain(Finding& finding) {
  if (++chains_ % kChainsPerCache == 0) {
    cache_ = verify::make_signature_cache();
  }
  verify::Question question;
  question.chain = finding.seen.chain;
  question.name = finding.place.host;
  question.at = rules_.at == Time{} ? finding.at : rules_.at;
  question.ocsp_staple = finding.seen.handshake.ocsp_staple;
  question.cache = cache_.get();
  for (std::size_t i = 0; i < rules_.profiles.size(); ++i) {
    ask_profile(i, question, finding);
  }
}

void Judge::ask_profile(std::size_t number, verify::Question& question, Finding& finding) const {
  static const trust::AnchorSetPtr none = trust::make_anchor_set("none", "", {});
  question.profile = rules_.profiles[number];
  question.anchors = stores_[number] == nullptr ? none.get() : stores_[number];
  const verify::Verdict verdict = verify::judge(question);
  if (rules_.profiles.size() > 1) {
    (verdict.pass ? finding.accepting : finding.refusing).push_back(question.profile->id);
  }
  if (number != 0) {
    return;
  }
  finding.verdict = verdict.pass ? Verdict::Pass : Verdict::Fail;
  for (const verify::Fault& fault : verdict.faults) {
    if (std::ranges::find(finding.faults, fault.id) == finding.faults.end()) {
      finding.faults.push_back(fault.id);
    }
  }
}

}  // namespace medic::scan
