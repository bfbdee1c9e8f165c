#pragma once

// The only hand that changes a machine. It opens a root directory once and reaches everything from
// there, component by component, without following a single link, so nothing that is put in its way
// leads it elsewhere. Files are replaced by a finished one under another name, never written in
// place.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/error.h"
#include "remedy/state.h"

namespace medic::remedy {

// Called between any two steps that could be the last one; a test ends the process there.
using Checkpoint = std::function<void(std::string_view point)>;

class Tree {
 public:
  // `root`: "/" or the directory that stands for it. Paths given later are absolute below it and
  // hold no links but in their last component: what machine::Machine::resolve() answers.
  static Result<Tree> open(const std::filesystem::path& root, Checkpoint checkpoint = {});

  // What is there. An Error names a reason not to touch it: a directory on the way that everybody
  // may write, a link among them, a file with two names or of a kind that is no file.
  [[nodiscard]] Result<State> look(std::string_view path) const;

  // Prepares `after` under the name staged_name(path, label), complete and on the disk. For states
  // that need no preparation (a removal, a directory) nothing happens.
  [[nodiscard]] Result<void> stage(std::string_view path, const State& after,
                                   std::string_view label) const;
  // Puts what was staged in the place of `before`, which is looked at once more. An Error of kind
  // Data: it is not `before`.
  [[nodiscard]] Result<void> commit(std::string_view path, const State& before, const State& after,
                                    std::string_view label) const;
  // Removes what stage() left, if anything.
  void discard(std::string_view path, std::string_view label) const;

 private:
  explicit Tree(Descriptor root, Checkpoint checkpoint)
      : root_(std::move(root)), checkpoint_(std::move(checkpoint)) {}

  struct Place {
    Descriptor directory;
    std::string name;
  };
  // None: a directory on the way is absent.
  [[nodiscard]] Result<std::optional<Place>> place(std::string_view path) const;
  // The same where it must be there.
  [[nodiscard]] Result<Place> existing(std::string_view path) const;
  void at(std::string_view point) const {
    if (checkpoint_) {
      checkpoint_(point);
    }
  }

  Descriptor root_;
  Checkpoint checkpoint_;
};

}  // namespace medic::remedy
