// The proxy itself cannot be connected to.

#include "diagnose/proxy_answer.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  if (handshake == nullptr || clues.bench.facts().asked.proxy.empty()) {
    return {};
  }
  const auto* refused = std::get_if<evidence::NotConnected>(&handshake->outcome);
  if (refused == nullptr) {
    return {};
  }
  Match found{.explains = cells_with(clues.matrix, "dns-or-tcp"),
              .party = catalogue::Party::Either,
              .facts = clues.common_facts()};
  add_proxy(found, clues);
  found.facts["reason"] = escaped(refused->detail.empty() ? refused->reason : refused->detail, 120);
  if (const Observation* seen = clues.observed("connect")) {
    found.proof = {seen};
  }
  found.instead_of = {"not-tls"};
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_proxy_unreachable{.id = "proxy-unreachable", .match = match};

}  // namespace medic::diagnose
