#pragma once

// tests/cases/<cause>.case: what a diagnosis must say of a lab site, and what it must not say of
// the site that looks like it. TOML:
//
//   party = "server"                 who must act
//   [[fires]]                        the cause must be stated here
//   site = "expired-leaf"            a site of the lab
//   proof = ["inside-validity"]      experiments that must be in its proof; [] for "suspected" only
//   also = ["..."]                   other causes that are true here too; any other is wrong
//   clock_days = -4000               optional: this machine's clock is off by so many days
//   system_store = "empty"           optional: "empty" or "lab" (the site's CA); the same for
//   mozilla_store
//   [[near_miss]]                    the cause must not be stated here
//   site = "expired-leaf.good"
//   because = "the same chain, renewed"

#include <string>
#include <vector>

#include "base/error.h"

namespace medic::cases {

struct Scene {
  std::string site;
  std::vector<std::string> proof;
  std::vector<std::string> also;
  int clock_days = 0;
  std::string system_store;
  std::string mozilla_store;
  std::string because;
};

struct CaseFile {
  std::string cause;  // the file's stem
  std::string party;
  std::vector<Scene> fires;
  std::vector<Scene> near_misses;
};

// Every .case file of the directory, by name. Problems are listed all at once.
Result<std::vector<CaseFile>> read_case_files(const std::string& directory);

}  // namespace medic::cases
