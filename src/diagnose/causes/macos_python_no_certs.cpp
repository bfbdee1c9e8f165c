// A Python of python.org on macOS whose CA file was never made: it trusts nobody. Proven when the
// public roots are all it takes.

#include <algorithm>

#include "diagnose/client_rows.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kId = "macos-python-no-certs";

std::vector<Match> match(const Clues& clues) {
  for (const Observation* other : clues.all("other-store")) {
    if (other->subject != "mozilla") {
      continue;
    }
    Match found = match_from(clues, *other);
    std::erase_if(found.explains, [&](std::size_t cell) {
      return problem_of(clues.bench, clues.matrix[cell], kId) == nullptr;
    });
    if (found.explains.empty()) {
      return {};
    }
    const Cell& cell = clues.matrix[found.explains.front()];
    const evidence::ClientProblem* problem = problem_of(clues.bench, cell, kId);
    found.subject = cell.client;
    found.facts["subject"] = escaped(cell.client);
    found.facts["store"] = escaped(problem->subject);
    found.instead_of = {"stale-ca-bundle", "private-ca-not-trusted", "trust-store-not-consulted"};
    return {std::move(found)};
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_macos_python_no_certs{.id = "macos-python-no-certs",
                                                         .match = match};

}  // namespace medic::diagnose
