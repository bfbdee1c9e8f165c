#include "diagnose/client_rows.h"

#include <algorithm>

namespace medic::diagnose {

const evidence::ClientFacts* client_of(const Bench& bench, const Cell& cell) {
  const auto& clients = bench.facts().clients;
  const auto at = std::ranges::find(clients, cell.client, &evidence::ClientFacts::id);
  return cell.client.empty() || at == clients.end() ? nullptr : &*at;
}

const evidence::ClientProblem* problem_of(const Bench& bench, const Cell& cell,
                                          std::string_view cause) {
  const evidence::ClientFacts* client = client_of(bench, cell);
  if (client == nullptr) {
    return nullptr;
  }
  const auto at = std::ranges::find(client->problems, cause, &evidence::ClientProblem::cause);
  return at == client->problems.end() ? nullptr : &*at;
}

std::vector<Match> match_runtime(const Clues& clues, std::string_view cause) {
  std::vector<Match> found;
  for (const Observation* seen : clues.all("working-runtime")) {
    if (seen->facts.at("cause") == cause) {
      found.push_back(match_from(clues, *seen));
    }
  }
  return found;
}

void add_other_clients(const Clues& clues, Match& match) {
  constexpr std::size_t kShown = 3;
  std::size_t shown = 0;
  for (const Observation* pair : clues.all("other-client")) {
    const bool about = std::ranges::any_of(pair->relieved, [&](std::size_t cell) {
      return std::ranges::find(match.explains, cell) != match.explains.end();
    });
    if (about && shown < kShown) {
      match.proof.push_back(pair);
      ++shown;
    }
    if (about && shown == 1) {
      match.facts.insert_or_assign("ca", pair->facts.at("ca"));
      match.subject = pair->facts.at("ca");
    }
  }
}

}  // namespace medic::diagnose
