#include "cli/cure_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/inventory_run.h"

namespace medic::cli {
namespace {

using clients::Client;
using clients::Inventory;
using remedy::ClientControls;
using remedy::Control;

constexpr std::string_view kUnset = "unset-variable ";

// As a shell that logs in now has it.
machine::Machine later_machine(const Check& check) {
  Environment environment = check.patient.machine.environment();
  for (const auto& [name, value] : check.prepared.plan.variables) {
    environment.insert_or_assign(name, value);
  }
  for (const std::string& ask : check.prepared.plan.asks) {
    if (ask.starts_with(kUnset)) {
      environment.erase(ask.substr(kUnset.size()));
    }
  }
  return check.patient.machine.with_environment(std::move(environment));
}

// What clients of such a shell were like before: a variable of a start-up file need not be one of
// this process.
std::optional<Inventory> earlier_inventory(const Check& check, const Io& io) {
  Environment environment = check.patient.machine.environment();
  for (const clients::VariableRecord& record : check.before.environment) {
    if (record.name == check.prepared.variable && !record.origin.file.empty()) {
      environment.try_emplace(record.name, record.value);
    }
  }
  if (environment == check.patient.machine.environment()) {
    return std::nullopt;
  }
  return inventory_of(check.patient.machine.with_environment(std::move(environment)), {}, false,
                      io);
}

Result<void> cured(const Check& check, const machine::Machine& now, const Inventory& after,
                   const Io& io) {
  const bool by_hand = std::ranges::any_of(check.prepared.plan.asks, [](const std::string& ask) {
    return ask.starts_with("remove-setting");
  });
  if (!check.prepared.roots.empty() || by_hand) {
    return {};  // asked of the store, or not done yet
  }
  MEDIC_TRY(remedy::Tree tree, remedy::Tree::open(now.root()));
  const Patient again{.machine = now, .tree = std::move(tree), .journal = check.patient.journal};
  for (const Prepared& left : prepare(again, after, check.wish, io)) {
    if (left.key == check.prepared.key) {
      return fail(ErrorKind::Data, "the same is still wrong after the change");
    }
  }
  return {};
}

bool verified_nothing(const Inventory& before, const Client& client) {
  const auto then = std::ranges::find(before.clients, client.id, &Client::id);
  return !client.trust.verifies && then != before.clients.end() && !then->trust.verifies;
}

void add_trials(const Check& check, const machine::Machine& now,
                const std::vector<const Client*>& affected, std::vector<ClientControls>& tried,
                const Io& io) {
  std::vector<const Client*> own;
  std::vector<const Client*> others;
  for (const Client* client : affected) {
    if (verified_nothing(check.before, *client)) {
      tried.push_back({.client = client->id, .controls = {}, .untested = "fix.trial_off"});
    } else if (check.controls == nullptr) {
      tried.push_back({.client = client->id, .controls = {}, .untested = "fix.trial_unwanted"});
    } else {
      (client->id == check.prepared.plan.client ? own : others).push_back(client);
    }
  }
  if (check.controls == nullptr) {
    return;
  }
  remedy::ControlRequest request;
  request.step = [&](const Client& client) {
    io.progress->step(io.message("diagnose.trial-step", {{"client", escaped(client.id)}}));
  };
  request.cancelled = [&] { return io.stopped(); };
  const auto ask = [&](const std::vector<const Client*>& clients) {
    std::ranges::move(check.controls->run(now, clients, request), std::back_inserter(tried));
  };
  ask(others);
  if (!check.prepared.roots.empty()) {
    request.target = check.wish.target;
  }
  ask(own);
  io.progress->clear();
}

// A sentence of ours, or the client's own words.
std::string said_text(const std::string& said, const Io& io) {
  const bool key = said.starts_with("diagnose.trial") || said.starts_with("fix.trial");
  return key ? io.message(said) : said;
}

std::string listed(const ClientControls& row, clients::TrialVerdict verdict, const Io& io) {
  std::string all;
  for (const Control& control : row.controls) {
    if (control.result.verdict == verdict) {
      all += (all.empty() ? "" : ", ") + io.message(fmt::format("fix.control_{}", control.id));
    }
  }
  return all;
}

}  // namespace

Result<void> verified(const Check& check, std::vector<ClientControls>& tried, const Io& io) {
  const machine::Machine now = later_machine(check);
  const Inventory after = inventory_of(now, {}, true, io);
  if (!check.prepared.store.empty()) {
    if (auto done = store_changed(check.patient, after, check.prepared, check.wish.change); !done) {
      return done;
    }
  } else if (!check.prepared.roots.empty()) {
    if (auto done = remedy::still_sound(check.before, after, check.prepared.plan.client,
                                        check.prepared.roots);
        !done) {
      return done;
    }
  }
  if (auto done = cured(check, now, after, io); !done) {
    return done;
  }
  const std::optional<Inventory> earlier = earlier_inventory(check, io);
  const Inventory& before = earlier ? *earlier : check.before;
  const std::vector<const Client*> affected = remedy::affected_clients(before, after);
  for (const Client* client : affected) {
    if (auto done = remedy::keeps_public_roots(before, after, client->id); !done) {
      return done;
    }
  }
  add_trials(check, now, affected, tried, io);
  return remedy::all_as_they_must(tried);
}

std::string controls_text(const std::vector<ClientControls>& tried, const Io& io) {
  using clients::TrialVerdict;
  std::string text;
  for (const ClientControls& row : tried) {
    text::Facts facts = {{"client", escaped(row.client)}};
    if (!row.untested.empty()) {
      facts["reason"] = said_text(row.untested, io);
      text += "  " + io.message("fix.untested", facts) + "\n";
      continue;
    }
    facts["accepted"] = listed(row, TrialVerdict::Pass, io);
    facts["refused"] = listed(row, TrialVerdict::Fail, io);
    const std::string_view key = facts["accepted"].empty()  ? "fix.tried_refuses"
                                 : facts["refused"].empty() ? "fix.tried_accepts"
                                                            : "fix.tried_both";
    text += "  " + io.message(key, facts) + "\n";
    if (!row.lent) {
      text += "  " + io.message("fix.tried_not_lent", facts) + "\n";
    }
    for (const Control& control : row.controls) {
      if (control.result.verdict == TrialVerdict::Other ||
          control.result.verdict == TrialVerdict::NotRun) {
        facts["control"] = io.message(fmt::format("fix.control_{}", control.id));
        facts["reason"] = said_text(control.result.said, io);
        text += "  " + io.message("fix.undecided", facts) + "\n";
      }
    }
  }
  return text;
}

nlohmann::ordered_json controls_json(const std::vector<ClientControls>& tried, const Io& io) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const ClientControls& row : tried) {
    nlohmann::ordered_json controls = nlohmann::ordered_json::array();
    for (const Control& control : row.controls) {
      controls.push_back({{"control", control.id},
                          {"must", control.wants_accepted ? "accept" : "refuse"},
                          {"verdict", trial_verdict_id(control.result.verdict)},
                          {"said", said_text(control.result.said, io)},
                          {"took_ms", control.result.took.count()}});
    }
    rows.push_back(
        {{"client", escaped(row.client)},
         {"untested", row.untested.empty() ? nlohmann::ordered_json()
                                           : nlohmann::ordered_json(said_text(row.untested, io))},
         {"lab_ca_lent", row.lent},
         {"controls", controls}});
  }
  return rows;
}

}  // namespace medic::cli
