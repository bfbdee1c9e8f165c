#pragma once

// What was changed, with everything needed to take it back. One file for each run of the engine,
// written and flushed before the first change; its state is part of its name, so that a change of
// state is one rename and needs no space on a full disk.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "base/environment.h"
#include "base/error.h"
#include "base/time.h"
#include "remedy/plan.h"

namespace medic::remedy {

enum class EntryState {
  Begun,    // some of its steps may be done
  Applied,  // all are
  Undoing,  // some may be taken back
  Undone,
};
std::string_view entry_state_id(EntryState state);

struct Entry {
  std::string id;  // "20261121T184500Z-1": later ones sort behind earlier ones
  EntryState state = EntryState::Begun;
  Time at{};
  Plan plan;
};

// Where the journal of this user lies: $XDG_STATE_HOME/tlsmedic/journal, for root
// /var/lib/tlsmedic/journal. Changes of another tree have one of their own beside it, never inside
// the tree, where a link could lead it astray.
Result<std::string> journal_directory(const Environment& environment, const std::string& root);

class Journal {
 public:
  // Makes the directory (0700) and takes the lock; another process that holds it is an Error.
  static Result<Journal> open(const std::string& directory);
  // For looking only: no lock, nothing made. An absent directory is an empty journal.
  static Result<std::vector<Entry>> read(const std::string& directory);

  // Oldest first.
  [[nodiscard]] Result<std::vector<Entry>> entries() const { return read(directory_); }
  // On the disk when it returns.
  Result<Entry> begin(const Plan& plan, Time at);
  Result<void> set_state(Entry& entry, EntryState state);

 private:
  Journal(std::string directory, Descriptor lock)
      : directory_(std::move(directory)), lock_(std::move(lock)) {}

  std::string directory_;
  Descriptor lock_;
};

}  // namespace medic::remedy
