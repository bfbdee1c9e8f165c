#pragma once

// What the causes about proxies share: the proxy that was asked, and its own refusal.

#include "diagnose/cause.h"

namespace medic::diagnose {

// The facts of the proxy the target was asked through: {proxy}, and the subject of the match.
void add_proxy(Match& match, const Clues& clues);

// A match when the proxy gave no tunnel and `concerns` says yes to its status (0: it did not answer
// in HTTP or SOCKS at all); proven by its own words and, where that works, by going around it.
std::vector<Match> match_proxy_answer(const Clues& clues, bool (*concerns)(int status),
                                      catalogue::Party party);

}  // namespace medic::diagnose
