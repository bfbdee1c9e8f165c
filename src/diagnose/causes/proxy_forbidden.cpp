// The proxy answers 403: it may reach the target and will not.

#include <fmt/core.h>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  const auto* refused =
      handshake != nullptr ? std::get_if<evidence::ProxyRefused>(&handshake->outcome) : nullptr;
  if (refused == nullptr || refused->status != 403) {
    return {};
  }
  Match found{.explains = cells_with(clues.matrix, "proxy-error"), .facts = clues.common_facts()};
  for (const evidence::ProxyFacts& proxy : clues.bench.facts().proxies) {
    if (proxy.id == clues.bench.facts().asked.proxy) {
      found.facts["proxy"] = proxy.url;
      found.subject = proxy.url;
    }
  }
  found.facts["status"] = fmt::format("{}", refused->status);
  found.facts["reason"] = escaped(refused->reason, 120);
  for (const std::string_view experiment : {"proxy-answer", "around-proxy"}) {
    if (const Observation* seen = clues.observed(experiment)) {
      found.proof.push_back(seen);
    }
  }
  found.party = catalogue::Party::Network;
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_proxy_forbidden{.id = "proxy-forbidden", .match = match};

}  // namespace medic::diagnose
