// The proxy answers 407: its own words.

#include "diagnose/proxy_answer.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_proxy_answer(
      clues, [](int status) { return status == 407; }, catalogue::Party::Client);
}

}  // namespace

extern constinit const Cause cause_proxy_authentication_required{
    .id = "proxy-authentication-required", .match = match};

}  // namespace medic::diagnose
