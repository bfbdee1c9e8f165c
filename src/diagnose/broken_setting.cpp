#include "diagnose/broken_setting.h"

namespace medic::diagnose {
namespace {

// As the operating system says it, in English like every message of a client.
std::string reason_of(std::string_view trouble) {
  constexpr std::pair<std::string_view, std::string_view> kReasons[] = {
      {"absent", "No such file or directory"},
      {"unreadable", "Permission denied"},
      {"loop", "Too many levels of symbolic links"},
      {"wrong-kind", "Is a directory"},
      {"too-big", "File too large"},
      {"no-certificate", "no certificate found"}};
  for (const auto& [id, reason] : kReasons) {
    if (id == trouble) {
      return std::string(reason);
    }
  }
  return std::string(trouble);
}

}  // namespace

std::vector<Match> match_broken_setting(const Clues& clues,
                                        bool (*fits)(std::string_view trouble)) {
  std::vector<Match> found;
  for (const Observation* seen : clues.all("repaired-setting")) {
    if (!fits(seen->facts.at("trouble"))) {
      continue;
    }
    Match match = match_from(clues, *seen);
    match.facts["rule"] = seen->facts.at("rule");
    match.facts["store"] = escaped(seen->facts.at("store"));
    match.facts["reason"] = reason_of(seen->facts.at("trouble"));
    match.facts["problem"] = match.facts["reason"];
    match.instead_of = {"private-ca-not-trusted", "stale-ca-bundle", "trust-store-not-consulted"};
    found.push_back(std::move(match));
  }
  return found;
}

}  // namespace medic::diagnose
