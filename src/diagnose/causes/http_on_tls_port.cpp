// Asked in plain HTTP, the port answers.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("plain-http");
  if (cure == nullptr) {
    return {};
  }
  Match found = match_from(clues, *cure);
  found.party = catalogue::Party::Either;
  found.facts["protocol"] = "HTTP";
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_http_on_tls_port{.id = "http-on-tls-port", .match = match};

}  // namespace medic::diagnose
