#pragma once

// Which signatures' words stand in a text. Many literals are searched at once; a signature's file
// is read when one of its literals was found, so starting costs nothing per signature.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "base/error.h"
#include "explain/database.h"
#include "explain/gates.h"
#include "explain/pattern.h"
#include "explain/signature.h"
#include "explain/squeezed.h"

namespace medic::explain {

struct Hit {
  const Signature* signature = nullptr;
  std::size_t pattern = 0;  // which of the signature's, from 0
  Pattern::Found found;
  bool cut = false;  // the text ends inside the pattern
};

// The databases that belong to signature files, in the files' order; made when the program is
// built, and by tests over files of their own.
Result<Database> words_database(std::span<const EmbeddedFile> files);
// Pieces of every pattern that tells a symptom, for gate_lines().
std::vector<std::string> gates(std::span<const EmbeddedFile> files);

class Matcher {
 public:
  // `files` must be those the others were made from; they and `gate_lines` outlive the matcher.
  Matcher(std::span<const EmbeddedFile> files, Database words, std::string_view gate_lines);
  static Result<Matcher> builtin();
  static Result<Matcher> compiled(std::span<const EmbeddedFile> files);

  // By begin. One thread at a time.
  Result<std::vector<Hit>> hits(const Squeezed& text) const;
  // Offsets behind the gates that stand in raw text; none: nothing of interest is in it.
  void gate_ends(std::string_view raw, std::vector<std::size_t>& ends) const {
    gates_.find(raw, ends);
  }

 private:
  struct Entry {
    Signature signature;
    std::vector<Pattern> patterns;
  };
  const Entry& entry(std::size_t file) const;

  std::span<const EmbeddedFile> files_;
  Database words_;
  std::unique_ptr<const std::string> own_lines_;  // null: the lines are embedded
  Gates gates_;
  mutable std::vector<std::unique_ptr<const Entry>> entries_;  // by file; null: not read yet
};

}  // namespace medic::explain
