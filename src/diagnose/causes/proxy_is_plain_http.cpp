// The proxy was given as https:// and works when spoken to in plain HTTP.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("plain-proxy");
  if (cure == nullptr) {
    return {};
  }
  Match found = match_from(clues, *cure);
  found.party = catalogue::Party::Client;
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_proxy_is_plain_http{.id = "proxy-is-plain-http", .match = match};

}  // namespace medic::diagnose
