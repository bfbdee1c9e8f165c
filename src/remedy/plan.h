#pragma once

// What a remedy wants changed: a list of places, each with what is there and what shall be there.
// The inverse of a step is the same step backwards, so whatever can be planned can be undone.

#include <string>
#include <string_view>
#include <vector>

#include "remedy/state.h"

namespace medic::remedy {

// How a step is told to a person; the sentence is remedy.step-<id>. Not what decides: `before` and
// `after` do.
enum class StepKind {
  CreateFile,
  ReplaceFile,
  AppendToFile,
  EditKey,
  RemoveFile,
  MakeDirectory,
  MakeLink,
  RemoveLink,
};
std::string_view step_kind_id(StepKind kind);

struct Step {
  StepKind kind = StepKind::ReplaceFile;
  std::string path;  // below the root, without links on the way
  State before;
  State after;
};

struct Plan {
  std::string remedy;   // id of data/remedies
  std::string cause;    // that it cures
  std::string client;   // id of the inventory; empty: the system
  std::string subject;  // a certificate's name, a path, a setting
  std::vector<Step> steps;
  // What only a person can do: "unset-variable NAME", "new-shell NAME", "remove-setting PLACE".
  std::vector<std::string> asks;
  // Variables that clients started later will have; trials are given them.
  std::vector<std::pair<std::string, std::string>> variables;

  [[nodiscard]] bool empty() const { return steps.empty() && asks.empty(); }
};

}  // namespace medic::remedy
