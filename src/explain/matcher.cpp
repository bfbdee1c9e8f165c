#include "explain/matcher.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/embedded.h"
#include "base/error.h"
#include "explain/database.h"
#include "explain/gates.h"
#include "explain/pattern.h"
#include "explain/signature.h"
#include "explain/squeezed.h"

namespace medic::explain {
namespace {

// A literal's number: file, pattern of the file, and whether it is the pattern's anchor or its head
// (what is left of it when the text was cut).
constexpr std::uint32_t kPatternsPerFile = 32;
// Shorter beginnings say too little.
constexpr std::size_t kHead = 16;

std::uint32_t literal_id(std::size_t file, std::size_t pattern, bool head) {
  return static_cast<std::uint32_t>((file * kPatternsPerFile + pattern) * 2 + (head ? 1 : 0));
}

// The patterns of a file that parse; the check of the data reports those that do not.
std::vector<Pattern> patterns_of(const Signature& signature) {
  std::vector<Pattern> patterns;
  for (const std::string& text : signature.patterns) {
    if (Result<Pattern> pattern = Pattern::parse(text)) {
      patterns.push_back(*std::move(pattern));
    }
  }
  return patterns;
}

// Where a cut text may be the beginning of several words, it is none of them, and whole words that
// end there say enough. Of beginnings that reach back differently, the longest is the evidence.
bool is_doubtful_cut(const Hit& cut, const std::vector<const Hit*>& same_end) {
  return std::any_of(same_end.begin(), same_end.end(), [&](const Hit* other) {
    return !other->cut || other->found.begin < cut.found.begin ||
           (other->found.begin == cut.found.begin &&
            other->signature->symptom != cut.signature->symptom);
  });
}

void drop_doubtful_cuts(std::vector<Hit>& hits) {
  std::map<std::size_t, std::vector<const Hit*>> by_end;
  for (const Hit& hit : hits) {
    by_end[hit.found.end].push_back(&hit);
  }
  std::vector<bool> doubtful;
  doubtful.reserve(hits.size());
  for (const Hit& hit : hits) {
    doubtful.push_back(hit.cut && is_doubtful_cut(hit, by_end[hit.found.end]));
  }
  std::size_t number = 0;
  std::erase_if(hits, [&](const Hit&) { return doubtful[number++]; });
}

Signature read_signature(const EmbeddedFile& file) {
  Problems problems;
  return parse_signature(file, problems);
}

}  // namespace

Result<Database> words_database(std::span<const EmbeddedFile> files) {
  std::vector<Literal> literals;
  for (std::size_t f = 0; f < files.size(); ++f) {
    const std::vector<Pattern> patterns = patterns_of(read_signature(files[f]));
    for (std::size_t p = 0; p < patterns.size(); ++p) {
      literals.push_back({.text = patterns[p].anchor(), .id = literal_id(f, p, false)});
      if (const std::string head = patterns[p].head(kHead); !head.empty()) {
        literals.push_back({.text = head, .id = literal_id(f, p, true)});
      }
    }
  }
  return Database::compile(literals);
}

std::vector<std::string> gates(std::span<const EmbeddedFile> files) {
  std::vector<std::string> all;
  for (const EmbeddedFile& file : files) {
    const Signature signature = read_signature(file);
    if (signature.symptom.empty()) {
      continue;  // a frame tells nothing alone, and is read with what stands beside it
    }
    for (const Pattern& pattern : patterns_of(signature)) {
      for (std::string& piece : gate_pieces(pattern)) {
        all.push_back(std::move(piece));
      }
    }
  }
  return all;
}

Matcher::Matcher(std::span<const EmbeddedFile> files, Database words, std::string_view gate_lines)
    : files_(files),
      words_(std::move(words)),
      gates_(Gates::read(gate_lines)),
      entries_(files.size()) {}

Result<Matcher> Matcher::compiled(std::span<const EmbeddedFile> files) {
  MEDIC_TRY(Database words, words_database(files));
  auto lines = std::make_unique<const std::string>(gate_lines(gates(files)));
  Matcher matcher(files, std::move(words), *lines);
  matcher.own_lines_ = std::move(lines);
  return matcher;
}

const Matcher::Entry& Matcher::entry(std::size_t file) const {
  if (entries_[file] == nullptr) {
    auto read = std::make_unique<Entry>();
    read->signature = read_signature(files_[file]);
    read->patterns = patterns_of(read->signature);
    entries_[file] = std::move(read);
  }
  return *entries_[file];
}

Result<std::vector<Hit>> Matcher::hits(const Squeezed& text) const {
  std::vector<Database::Hit> literals;
  if (auto scanned = words_.scan(text.chars, literals); !scanned) {
    return std::unexpected(std::move(scanned.error()));
  }
  std::vector<Hit> hits;
  for (const Database::Hit& literal : literals) {
    const std::size_t file = literal.id / 2 / kPatternsPerFile;
    const std::size_t number = literal.id / 2 % kPatternsPerFile;
    const Entry& known = entry(file);
    const Pattern& pattern = known.patterns[number];
    Hit hit{
        .signature = &known.signature, .pattern = number, .found = {}, .cut = literal.id % 2 == 1};
    const bool found = hit.cut ? pattern.cut_at(text, literal.end - kHead, hit.found)
                               : pattern.found_at(text, literal.end, hit.found);
    if (found) {
      hits.push_back(std::move(hit));
    }
  }
  drop_doubtful_cuts(hits);
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.found.begin < b.found.begin; });
  return hits;
}

}  // namespace medic::explain
