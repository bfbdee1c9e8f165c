// The proxy answers 403: it may reach the target and will not.

#include "diagnose/proxy_answer.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_proxy_answer(
      clues, [](int status) { return status == 403; }, catalogue::Party::Network);
}

}  // namespace

extern constinit const Cause cause_proxy_forbidden{.id = "proxy-forbidden", .match = match};

}  // namespace medic::diagnose
