#pragma once

// Sentences a person reads, from data/messages/<language>/<section>.toml. A key is "section.name";
// a section's file is parsed when its first sentence is asked for. Placeholders are named, so that
// a translation may order them freely: "{host} sends no certificate".

#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/embedded.h"
#include "text/language.h"

namespace medic::text {

// Named values for placeholders.
using Facts = std::map<std::string, std::string, std::less<>>;

// Replaces every {name} in `pattern`; a name without a fact is our bug and is shown as "{name}" so
// that tests find it. "{{" and "}}" stand for braces.
std::string filled(std::string_view pattern, const Facts& facts);
// The placeholder names of a pattern, sorted, each once.
std::vector<std::string> placeholders(std::string_view pattern);

// The sentence `key` in `language`. An unknown key is our bug: returns "[key]", which tests refuse.
std::string message(Language language, std::string_view key, const Facts& facts = {});

// All embedded message files, for tests and tools.
std::span<const EmbeddedFile> message_files();

}  // namespace medic::text
