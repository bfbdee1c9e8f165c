#pragma once

// Where each client can be told a bundle of its own: a key of a file that this client alone reads,
// or, where it has none, a variable.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "settings/edit.h"

namespace medic::remedy {

struct Place {
  std::string_view client;  // a kind of the inventory
  // The first that holds the path of an existing file wins, else the first; "~" and $NAME as
  // machine::Machine::expanded() replaces them. Empty: only the variable.
  std::string_view file;
  std::string_view editor;
  std::string_view section;
  std::string_view key;
  std::string_view variable;
  std::string_view source;
};

// Null: this program knows none.
const Place* place_of(std::string_view client);
std::span<const Place> places();

// The editor of a configuration file by its name ("/home/kim/.npmrc"); null: it is edited by hand.
const settings::Editor* editor_of_file(std::string_view path);

}  // namespace medic::remedy
