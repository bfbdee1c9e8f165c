#pragma once

// An inventory for a person: a table of clients, or stores with the clients that read them, and
// what is wrong.

#include <string>

#include "base/terminal.h"
#include "clients/survey.h"
#include "text/language.h"

namespace medic::report {

struct InventoryStyle {
  text::Language language = text::Language::English;
  int width = 80;  // columns
  Color color = Color::Off;
  bool tree = false;  // stores first, their clients below
};

std::string inventory_text(const clients::Inventory& inventory, const InventoryStyle& style);
// Every rule that one client considered, in its order, and which won.
std::string trust_trace_text(const clients::Client& client, const InventoryStyle& style);

}  // namespace medic::report
