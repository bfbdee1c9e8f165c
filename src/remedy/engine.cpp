#include "remedy/engine.h"

#include <fmt/core.h>

#include <algorithm>
#include <ranges>

#include "base/bytes.h"

namespace medic::remedy {
namespace {

// A directory that is to be removed may hold what others put there: it stays then.
bool may_stay(const State& from, const State& to) {
  return std::holds_alternative<Directory>(from) && std::holds_alternative<Absent>(to);
}

std::vector<Move> moves_of(const Entry& entry, bool backwards) {
  std::vector<Move> moves;
  for (std::size_t i = 0; i < entry.plan.steps.size(); ++i) {
    const Step& step = entry.plan.steps[i];
    moves.push_back({.step = &step,
                     .from = backwards ? &step.after : &step.before,
                     .to = backwards ? &step.before : &step.after,
                     .label = fmt::format("{}-{}", entry.id, i)});
  }
  if (backwards) {
    std::ranges::reverse(moves);
  }
  return moves;
}

bool makes_directory(const Move& move) {
  return std::holds_alternative<Directory>(*move.to);
}

std::unexpected<Error> changed_since(const std::string& path) {
  return fail(ErrorKind::Data, fmt::format("'{}' was changed since", escaped(path)),
              "what somebody wrote there would be lost",
              "tlsmedic undo --dry-run shows the change");
}

}  // namespace

// Directories first, as what is staged lies in them; making one needs no staging.
Result<void> Engine::carry_out(const std::vector<const Move*>& moves) {
  const auto commit = [&](const Move& move) {
    return tree_.commit(move.step->path, *move.from, *move.to, move.label);
  };
  for (const Move* move : moves) {
    if (auto done = makes_directory(*move) ? commit(*move) : Result<void>(); !done) {
      return done;
    }
  }
  for (const Move* move : moves) {
    if (auto done = tree_.stage(move->step->path, *move->to, move->label); !done) {
      return done;
    }
  }
  at("all staged");
  for (const Move* move : moves) {
    if (auto done = makes_directory(*move) ? Result<void>() : commit(*move); !done) {
      return done;
    }
  }
  return {};
}

Result<void> Engine::run(const Entry& entry, bool backwards) {
  const std::vector<Move> moves = moves_of(entry, backwards);
  std::vector<const Move*> open;
  for (const Move& move : moves) {
    MEDIC_TRY(const State now, tree_.look(move.step->path));
    if (now == *move.to) {
      tree_.discard(move.step->path, move.label);
    } else if (now == *move.from) {
      open.push_back(&move);
    } else {
      return changed_since(move.step->path);
    }
  }
  const auto done = carry_out(open);
  if (!done) {
    for (const Move* move : open) {
      tree_.discard(move->step->path, move->label);
    }
  }
  at("all committed");
  return done;
}

Result<Outcome> Engine::apply(const Plan& plan, Time at_time, const Verify& verify) {
  Plan rest = plan;
  std::erase_if(rest.steps, [](const Step& step) { return step.before == step.after; });
  bool nothing = true;
  for (const Step& step : rest.steps) {
    MEDIC_TRY(const State now, tree_.look(step.path));
    nothing = nothing && now == step.after;
    if (now != step.before && now != step.after) {
      return changed_since(step.path);
    }
  }
  if (nothing) {
    return Outcome{.ending = Ending::Nothing, .entry = {}, .reason = {}};
  }
  at("before the journal");
  MEDIC_TRY(Entry entry, journal_.begin(rest, at_time));
  at("journalled");
  auto done = run(entry, false);
  const bool applied = done.has_value();
  if (applied && verify) {
    done = verify();
  }
  if (done) {
    if (auto set = journal_.set_state(entry, EntryState::Applied); !set) {
      return std::unexpected(std::move(set).error());
    }
    return Outcome{.ending = Ending::Done, .entry = entry.id, .reason = {}};
  }
  if (auto undone = undo(entry); !undone) {
    Error both = std::move(done).error();
    both.matters = fmt::format("taking it back failed too: {}", undone.error().what);
    both.next_step = fmt::format("tlsmedic undo {}", entry.id);
    return std::unexpected(std::move(both));
  }
  if (!applied) {
    return std::unexpected(std::move(done).error());
  }
  return Outcome{
      .ending = Ending::RolledBack, .entry = entry.id, .reason = std::move(done).error()};
}

Result<void> Engine::resume(Entry& entry) {
  if (entry.state == EntryState::Undoing) {
    return undo(entry);
  }
  if (entry.state != EntryState::Begun) {
    return {};
  }
  if (auto done = run(entry, false); !done) {
    return done;
  }
  return journal_.set_state(entry, EntryState::Applied);
}

Result<void> Engine::undo(Entry& entry) {
  if (entry.state == EntryState::Undone) {
    return {};
  }
  MEDIC_TRY(const std::vector<Changed> others, changed(entry));
  if (!others.empty()) {
    return changed_since(others.front().path);
  }
  if (entry.state != EntryState::Undoing) {
    if (auto set = journal_.set_state(entry, EntryState::Undoing); !set) {
      return set;
    }
  }
  at("undoing");
  if (auto done = run(entry, true); !done) {
    return done;
  }
  return journal_.set_state(entry, EntryState::Undone);
}

Result<std::vector<Changed>> Engine::changed(const Entry& entry) const {
  std::vector<Changed> others;
  for (const Step& step : entry.plan.steps) {
    MEDIC_TRY(const State now, tree_.look(step.path));
    if (now != step.before && now != step.after && !may_stay(step.after, step.before)) {
      others.push_back({.path = step.path, .expected = step.after, .found = now});
    }
  }
  return others;
}

}  // namespace medic::remedy
