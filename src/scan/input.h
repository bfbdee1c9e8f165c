#pragma once

// Where places come from: words, files, streams; read line by line, however long, so that a scan of
// millions begins with the first.

#include <functional>
#include <istream>
#include <string>
#include <vector>

#include "scan/hash_set.h"
#include "target/place.h"

namespace medic::scan {

using target::Exclusions;
using target::Place;
using target::PlaceRules;
using target::Places;

struct Source {
  std::string name;                // for errors: a file's name
  std::istream* stream = nullptr;  // null: `line` alone
  std::string line;
};

// Counted, so that nothing is lost silently.
struct InputCounts {
  std::uint64_t places = 0;
  std::uint64_t twice = 0;
  std::uint64_t excluded = 0;
  std::uint64_t done_before = 0;      // by the run that is resumed
  std::uint64_t unreadable = 0;       // lines
  std::vector<std::string> problems;  // the first of them
  static constexpr std::size_t kMostProblems = 20;
};

class Input {
 public:
  Input(PlaceRules rules, Exclusions exclusions)
      : rules_(std::move(rules)), exclusions_(std::move(exclusions)) {}

  // Places of an earlier run, not to be given again.
  HashSet& done() { return done_; }

  // Gives every new place to `take` until that says false. Empty lines and what follows a # are
  // passed over.
  void read(const Source& source, const std::function<bool(Place)>& take);
  [[nodiscard]] const InputCounts& counts() const { return counts_; }

 private:
  void refuse(const std::string& where, const std::string& what);
  bool read_line(const std::string& where, std::string_view line,
                 const std::function<bool(Place)>& take);

  PlaceRules rules_;
  Exclusions exclusions_;
  HashSet met_;
  HashSet done_;
  InputCounts counts_;
};

}  // namespace medic::scan
