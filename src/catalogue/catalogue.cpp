#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/embedded.h"
#include "catalogue/cause.h"
#include "catalogue/loader.h"
#include "text/language.h"

namespace medic::catalogue {
namespace {

// The build refuses a catalogue with problems (tools/catalogue.cpp check), so one here is our bug.
template <class Entry>
Entry sound(Entry (*parse)(const EmbeddedFile&, Problems&), const EmbeddedFile& file) {
  Problems problems;  // NOLINT(misc-const-correctness): parse() writes it
  Entry entry = parse(file, problems);
  MEDIC_CHECK(problems.empty());
  return entry;
}

const EmbeddedFile* find_file(std::string_view path) {
  const auto files = catalogue_files();
  const auto at = std::find_if(files.begin(), files.end(),
                               [&](const EmbeddedFile& file) { return file.path == path; });
  return at == files.end() ? nullptr : &*at;
}

// The entries asked for so far, by id. An id that has no file is kept as null.
template <class Entry>
class Shelf {
 public:
  Shelf(std::string_view directory, Entry (*parse)(const EmbeddedFile&, Problems&))
      : directory_(directory), parse_(parse) {}

  const Entry* find(std::string_view id) {
    const std::lock_guard lock(mutex_);
    auto at = entries_.find(id);
    if (at == entries_.end()) {
      const EmbeddedFile* file = find_file(fmt::format("{}{}.toml", directory_, id));
      at =
          entries_
              .emplace(std::string(id),
                       file == nullptr ? nullptr
                                       : std::make_unique<const Entry>(sound<Entry>(parse_, *file)))
              .first;
    }
    return at->second.get();
  }

  std::vector<Entry> all() const {
    std::vector<Entry> entries;
    for (const EmbeddedFile& file : catalogue_files()) {
      if (file.path.starts_with(directory_)) {
        entries.push_back(sound<Entry>(parse_, file));
      }
    }
    return entries;  // sorted: the embedded files are, by path
  }

 private:
  std::string_view directory_;
  Entry (*parse_)(const EmbeddedFile&, Problems&);
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<const Entry>, std::less<>> entries_;
};

Shelf<Cause>& cause_shelf() {
  static Shelf<Cause> shelf("data/causes/", parse_cause);
  return shelf;
}

Shelf<Remedy>& remedy_shelf() {
  static Shelf<Remedy> shelf("data/remedies/", parse_remedy);
  return shelf;
}

using Terms = std::vector<Term>;

Terms terms_of(std::string_view path, Terms (*parse)(const EmbeddedFile&, Problems&)) {
  const EmbeddedFile* file = find_file(path);
  MEDIC_CHECK(file != nullptr);
  return sound<Terms>(parse, *file);
}

std::string title_in(const Terms& terms, std::string_view id, text::Language language) {
  const auto at =
      std::find_if(terms.begin(), terms.end(), [&](const Term& term) { return term.id == id; });
  if (at == terms.end()) {
    return std::string(id);
  }
  return language == text::Language::Korean ? at->korean : at->english;
}

std::vector<std::string> ids_in(const Terms& terms) {
  std::vector<std::string> ids;
  ids.reserve(terms.size());
  for (const Term& term : terms) {
    ids.push_back(term.id);
  }
  return ids;
}

const Terms& fault_terms() {
  static const Terms terms = terms_of("data/vocabulary/faults.toml", parse_terms);
  return terms;
}

const Terms& symptom_terms() {
  static const Terms terms = terms_of("data/vocabulary/symptoms.toml", parse_terms);
  return terms;
}

template <class Entry>
const auto& text_in(const Entry& entry, text::Language language) {
  return language == text::Language::Korean ? entry.korean : entry.english;
}

}  // namespace

std::string_view party_id(Party party) {
  switch (party) {
    case Party::Server:
      return "server";
    case Party::Network:
      return "network";
    case Party::Client:
      return "client";
    case Party::Either:
      return "either";
  }
  return "either";
}

const CauseText& Cause::text(text::Language language) const {
  return text_in(*this, language);
}
const RemedyText& Remedy::text(text::Language language) const {
  return text_in(*this, language);
}

const Cause* find_cause(std::string_view id) {
  return cause_shelf().find(id);
}
const Remedy* find_remedy(std::string_view id) {
  return remedy_shelf().find(id);
}

const std::vector<Cause>& all_causes() {
  static const std::vector<Cause> causes = cause_shelf().all();
  return causes;
}

const std::vector<Remedy>& all_remedies() {
  static const std::vector<Remedy> remedies = remedy_shelf().all();
  return remedies;
}

std::string fault_title(std::string_view id, text::Language language) {
  return title_in(fault_terms(), id, language);
}

std::string symptom_title(std::string_view id, text::Language language) {
  return title_in(symptom_terms(), id, language);
}

std::vector<std::string> fault_ids() {
  return ids_in(fault_terms());
}

std::vector<std::string> symptom_ids() {
  return ids_in(symptom_terms());
}

std::string product_name(std::string_view product) {
  static const Terms terms = terms_of("data/vocabulary/products.toml", parse_products);
  return title_in(terms, product, text::Language::English);
}

std::string client_product(std::string_view kind) {
  static const Terms terms = terms_of("data/vocabulary/client_products.toml", parse_products);
  return title_in(terms, kind, text::Language::English);
}

}  // namespace medic::catalogue
