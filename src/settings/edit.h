#pragma once

// One key of a configuration file set or taken away, everything else left as it stands: comments,
// order, blanks, line ends. An edit is believed only when the reader of that syntax then finds the
// new value and no other difference; else it is an Error and nothing is written.

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "settings/document.h"

namespace medic::settings {

// The name as it is.
std::string as_written(std::string_view name);
// "value", with a backslash before every quote and backslash: curl's, git's and TOML's quotes.
std::string in_double_quotes(std::string_view value);

// One syntax: editors/<id>.cpp each.
struct Editor {
  std::string_view id;  // "git-config"
  Document (*read)(std::string_view file, std::string_view text) = nullptr;
  bool sections = false;
  // A section or key as the reader gives it ("sslCAInfo" is "sslcainfo" there).
  std::string (*folded)(std::string_view name) = as_written;
  // A whole line without its end.
  std::string (*line)(std::string_view key, std::string_view value) = nullptr;
  bool commas = false;  // between the entries of an object, and none behind the last
};

std::span<const Editor* const> editor_registry();
// Null: there is none.
const Editor* find_editor(std::string_view id);

struct Key {
  std::string section;  // empty: none
  std::string name;     // as a person writes it
};

// `text` with the key at this value: where it stands already, the last one is changed; else it is
// added, in its section where that is there.
Result<std::string> with_key(const Editor& editor, const std::string& text, const Key& key,
                             const std::string& value);
// `text` without the key, wherever it stands; unchanged when it stands nowhere.
Result<std::string> without_key(const Editor& editor, const std::string& text, const Key& key);

}  // namespace medic::settings
