// The client applies RFC 5280 to the letter; whatever letter it is, the finer causes name it.

#include <algorithm>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

bool is_strict_rule(const verify::Fault& fault) {
  // Rules of other programmes that share the fault id.
  return fault.id == "profile-violation" && !fault.detail.ends_with("must-staple") &&
         !fault.detail.ends_with("too-long-validity");
}

std::vector<Match> match(const Clues& clues) {
  const Observation* seen = clues.observed("strictness-off");
  if (seen == nullptr) {
    return {};
  }
  Match found = match_from(clues, *seen);
  std::erase_if(found.explains, [&](std::size_t cell) {
    return !clues.matrix[cell].profile->verify.strict ||
           std::ranges::none_of(clues.matrix[cell].faults, is_strict_rule);
  });
  found.facts["rule"] = "RFC 5280";
  return found.explains.empty() ? std::vector<Match>{} : std::vector{std::move(found)};
}

}  // namespace

extern constinit const Cause cause_strict_x509_client{.id = "strict-x509-client", .match = match};

}  // namespace medic::diagnose
