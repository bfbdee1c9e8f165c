// In place of the server a page answers: a login page, or one that blocks.

#include <fmt/core.h>

#include "diagnose/proxy_answer.h"

namespace medic::diagnose {
namespace {

bool html(std::string_view text) {
  return text.find("<html") != std::string_view::npos ||
         text.find("<HTML") != std::string_view::npos ||
         text.find("<!DOCTYPE") != std::string_view::npos ||
         text.find("<!doctype") != std::string_view::npos;
}

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  if (handshake == nullptr) {
    return {};
  }
  Match found{.facts = clues.common_facts()};
  if (const auto* refused = std::get_if<evidence::ProxyRefused>(&handshake->outcome)) {
    // A proxy that opens no tunnel and yet does not refuse: 2xx with a page, or a redirect to one.
    const bool page =
        (refused->status >= 200 && refused->status < 300 && html(refused->body_excerpt)) ||
        (refused->status >= 300 && refused->status < 400) || refused->status == 511;
    if (!page) {
      return {};
    }
    found.explains = cells_with(clues.matrix, "proxy-error");
    found.facts["status"] = fmt::format("{}", refused->status);
  } else {
    const Observation* plain = clues.observed("plain-http");
    const auto location =
        plain != nullptr ? plain->facts.find("suggestion") : text::Facts::iterator{};
    if (plain == nullptr || location == plain->facts.end() ||
        location->second.find(clues.bench.name()) != std::string::npos) {
      return {};
    }
    found = match_from(clues, *plain);
    found.certainty = Certainty::Suspected;
  }
  if (const Observation* seen = clues.observed("proxy-answer")) {
    found.proof.push_back(seen);
  }
  add_proxy(found, clues);
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_captive_portal{.id = "captive-portal", .match = match};

}  // namespace medic::diagnose
