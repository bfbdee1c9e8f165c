#pragma once

// Applies plans and takes them back. Whatever ends it, and whenever: each file is the old one or
// the new one, and the journal knows which run has to be completed or undone.
//
//   apply: look at everything · journal · stage everything · commit step by step · verify
//   undo:  look at everything · stage everything · commit backwards
//
// Staging needs space and may fail; until then nothing is changed. Committing is renames.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "remedy/journal.h"
#include "remedy/plan.h"
#include "remedy/tree.h"

namespace medic::remedy {

// Asked after the last step; an Error takes everything back.
using Verify = std::function<Result<void>()>;

enum class Ending {
  Done,
  Nothing,     // every place already was as it should be
  RolledBack,  // the verification failed, and all is as before: `reason` says why
};

struct Outcome {
  Ending ending = Ending::Done;
  std::string entry;  // id in the journal; empty for Nothing
  Error reason;       // of RolledBack
};

// A file that stands between an entry and its undoing.
struct Changed {
  std::string path;
  State expected;
  State found;
};

// A step in the direction in which it is taken.
struct Move {
  const Step* step = nullptr;
  const State* from = nullptr;
  const State* to = nullptr;
  std::string label;  // of its staged file: the entry and the step's number
};

class Engine {
 public:
  Engine(const Tree& tree, Journal& journal, Checkpoint checkpoint = {})
      : tree_(tree), journal_(journal), checkpoint_(std::move(checkpoint)) {}

  [[nodiscard]] Result<Outcome> apply(const Plan& plan, Time at, const Verify& verify = {});
  // Completes what was cut off: a run that was begun goes on to its end, one that was being undone
  // is undone.
  [[nodiscard]] Result<void> resume(Entry& entry);
  // An Error of kind Data when a file was changed since: changed() says which.
  [[nodiscard]] Result<void> undo(Entry& entry);
  // What keeps the entry from being undone; empty: nothing.
  [[nodiscard]] Result<std::vector<Changed>> changed(const Entry& entry) const;

 private:
  [[nodiscard]] Result<void> run(const Entry& entry, bool backwards);
  [[nodiscard]] Result<void> carry_out(const std::vector<const Move*>& moves);
  void at(std::string_view point) const {
    if (checkpoint_) {
      checkpoint_(point);
    }
  }

  const Tree& tree_;
  Journal& journal_;
  Checkpoint checkpoint_;
};

}  // namespace medic::remedy
