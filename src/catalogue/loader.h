#pragma once

// One data file -> one entry. Every problem is added to `problems` as "file:line: key: what was
// expected", never thrown and never only the first; an entry with problems is still returned, with
// what could be read. Nothing here looks at other files: check.h does.

#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "catalogue/cause.h"

namespace medic::catalogue {

using Problems = std::vector<std::string>;

Cause parse_cause(const EmbeddedFile& file, Problems& problems);
Remedy parse_remedy(const EmbeddedFile& file, Problems& problems);

// One id of data/vocabulary/{faults,symptoms}.toml.
struct Term {
  std::string id;
  std::string parent;  // empty: a listed id of its own
  std::string english;
  std::string korean;
};
std::vector<Term> parse_terms(const EmbeddedFile& file, Problems& problems);
// data/vocabulary/products.toml: id = name, the same in both languages.
std::vector<Term> parse_products(const EmbeddedFile& file, Problems& problems);

// Paragraphs stay apart by one empty line; line ends within a paragraph become spaces.
std::string flowed(std::string_view text);

// `command` with every brace doubled that does not belong to a placeholder of `facts`.
std::string command_pattern(std::string_view command);

// "data/causes/clock-skew.toml" -> "clock-skew".
std::string_view stem(std::string_view path);

}  // namespace medic::catalogue
