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
//   client_store = "lab"             optional: an installed client, "pip", reads this store, and
//   the
//                                    profiles are left out; "system" is the site's OS store;
//                                    other_client_store the same for "curl"
//   client_trouble = "absent"        optional: SSL_CERT_FILE of "pip" names what is so, and pip
//   gives
//                                    up; without it pip would read other_client_store
//   client_place = "/x:3"            optional: that setting is global.cert of this file and line
//   client_problem = "..."           optional: a cause's id that the files of "pip" prove;
//                                    with verification-disabled-on-purpose it verifies nothing
//   client_edition = "2021-09-30"    optional: the store of "pip" is a list of that age
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
  std::string client_store;
  std::string other_client_store;
  std::string client_trouble;
  std::string client_place;
  std::string client_problem;
  std::string client_edition;
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
