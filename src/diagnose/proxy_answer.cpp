#include "diagnose/proxy_answer.h"

#include <fmt/core.h>

#include <utility>
#include <variant>

namespace medic::diagnose {

void add_proxy(Match& match, const Clues& clues) {
  for (const evidence::ProxyFacts& proxy : clues.bench.facts().proxies) {
    if (proxy.id == clues.bench.facts().asked.proxy) {
      match.facts["proxy"] = proxy.url;
      match.subject = proxy.url;
    }
  }
}

std::vector<Match> match_proxy_answer(const Clues& clues, bool (*concerns)(int status),
                                      catalogue::Party party) {
  const evidence::Handshake* handshake = main_handshake(clues);
  const auto* refused =
      handshake != nullptr ? std::get_if<evidence::ProxyRefused>(&handshake->outcome) : nullptr;
  if (refused == nullptr || !concerns(refused->status)) {
    return {};
  }
  Match found{.explains = cells_with(clues.matrix, "proxy-error"),
              .party = party,
              .facts = clues.common_facts()};
  add_proxy(found, clues);
  found.facts["status"] = fmt::format("{}", refused->status);
  found.facts["reason"] = escaped(refused->reason, 120);
  for (const std::string_view experiment : {"proxy-answer", "around-proxy"}) {
    if (const Observation* seen = clues.observed(experiment)) {
      found.proof.push_back(seen);
    }
  }
  return {std::move(found)};
}

}  // namespace medic::diagnose
