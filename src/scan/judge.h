#pragma once

// What a visit amounts to: one finding per address, by the profile that decides, and by others
// where they were asked for. CA edges are checked once a run. For one thread.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scan/seen.h"
#include "trust/anchors.h"
#include "verify/verify.h"

namespace medic::scan {

struct JudgeRules {
  std::vector<const profiles::Profile*> profiles;  // the first decides
  std::map<std::string, trust::AnchorSetPtr, std::less<>> stores;
  trust::AnchorSetPtr for_all;  // --roots; null: each profile's own store
  Time at{};                    // zero: the moment of each visit
};

enum class Verdict { Pass, Fail, Unreachable };
std::string_view verdict_id(Verdict verdict);  // "pass", "fail", "unreachable"

// A cause as a diagnosis stated it.
struct StatedCause {
  std::string id;
  std::string party;
  std::string certainty;  // "proven", "suspected"
};

// One address of a place, judged: what a record says.
struct Finding {
  Place place;
  std::string address;  // empty: the name has none
  Time at{};
  Verdict verdict = Verdict::Pass;
  std::vector<std::string> faults;  // ids, the one that decides first
  std::string outcome;              // "completed", "alert", "timeout", ...
  std::string detail;               // of the outcome: an alert's name, a reason; foreign, raw
  bool authenticated = false;
  Seen seen;
  std::chrono::microseconds lookup{};
  // Further profiles, by id; empty where only one was asked.
  std::vector<std::string> accepting;
  std::vector<std::string> refusing;
  // none, made, or why not: "not-asked", "unreachable", "could-not".
  std::string diagnosis = "not-asked";
  std::vector<StatedCause> causes;
};

class Judge {
 public:
  explicit Judge(JudgeRules rules);
  ~Judge();
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;
  Judge(Judge&&) = delete;
  Judge& operator=(Judge&&) = delete;

  std::vector<Finding> findings(Visit visit, Time now);

 private:
  Finding finding(const Visit& visit, Seen seen, Time now);
  void judge_chain(Finding& finding);
  void ask_profile(std::size_t number, verify::Question& question, Finding& finding) const;

  JudgeRules rules_;
  std::vector<const trust::AnchorSet*> stores_;  // of each profile; null: it cannot be opened
  std::shared_ptr<verify::SignatureCache> cache_;
  std::size_t chains_ = 0;
};

}  // namespace medic::scan
