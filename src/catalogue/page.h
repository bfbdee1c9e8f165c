#pragma once

// The page of a cause as Markdown that also reads well in a terminal: what `tlsmedic explain <id>`
// prints and what docs/causes/<id>.md and docs/ko/causes/<id>.md hold. One paragraph is one line;
// whoever prints to a terminal wraps it.

#include <string>
#include <string_view>

#include "catalogue/cause.h"
#include "text/language.h"
#include "text/messages.h"

namespace medic::catalogue {

// Empty when there is no such cause.
std::string cause_page(std::string_view id, text::Language language);

// How to carry out a remedy, product by product. Empty when there is no such remedy.
std::string remedy_page(std::string_view id, text::Language language);

// The contents page of the causes: docs/causes/README.md.
std::string index_page(text::Language language);

// Made-up values for every fact, for showing a finding sentence where there is no diagnosis.
const text::Facts& sample_facts();

}  // namespace medic::catalogue
