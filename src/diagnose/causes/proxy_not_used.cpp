// Directly the connection is cut off; through the proxy that was left aside it works.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("through-proxy");
  if (cure == nullptr || clues.observed("repeat") != nullptr) {
    return {};
  }
  Match found = match_from(clues, *cure);
  found.party = catalogue::Party::Client;
  found.instead_of = {"not-tls",           "reset-after-hello", "closed-after-hello",
                      "server-silent",     "server-too-slow",   "name-blocked-on-path",
                      "one-address-broken"};
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_proxy_not_used{.id = "proxy-not-used", .match = match};

}  // namespace medic::diagnose
