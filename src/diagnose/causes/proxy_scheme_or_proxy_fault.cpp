// The proxy gives no tunnel; the finer causes know why.

#include "diagnose/proxy_answer.h"

namespace medic::diagnose {
namespace {

// 2xx and 3xx are pages in place of the server: captive-portal.
bool no_finer_cause(int status) {
  return status != 407 && status != 403 && (status < 200 || status >= 400);
}

std::vector<Match> match(const Clues& clues) {
  return match_proxy_answer(clues, no_finer_cause, catalogue::Party::Network);
}

}  // namespace

extern constinit const Cause cause_proxy_scheme_or_proxy_fault{.id = "proxy-scheme-or-proxy-fault",
                                                               .match = match};

}  // namespace medic::diagnose
