// The server's certificate has a key of a kind that this client does not offer to check.

#include <algorithm>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* seen = clues.observed("certificate-key-allowed");
  if (seen == nullptr) {  // clients that get as far as judging the chain
    std::vector<Match> judged = match_rule_detail(clues, "policy", "unsupported-key");
    for (Match& m : judged) {
      m.facts.emplace("algorithm", m.facts["rule"]);
    }
    return judged;
  }
  Match found = match_from(clues, *seen);
  for (const std::size_t cell : cells_with(clues.matrix, "policy")) {
    if (std::ranges::find(found.explains, cell) == found.explains.end()) {
      found.explains.push_back(cell);
    }
  }
  found.facts["algorithm"] = seen->subject;
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_unsupported_certificate_key{.id = "unsupported-certificate-key",
                                                               .match = match};

}  // namespace medic::diagnose
