#pragma once

// An inventory for programs: JSON, schema "tlsmedic.inventory/1" (docs/schema/inventory-1.json),
// and CSV, one line a client.

#include <string>

#include "clients/survey.h"
#include "text/language.h"

namespace medic::report {

// What the inventory was taken of.
struct InventorySubject {
  std::string program;  // "tlsmedic 0.1.0"
  std::string root;     // empty: this machine
  std::string system;   // a machine::family_id()
};

std::string inventory_json(const clients::Inventory& inventory, const InventorySubject& subject,
                           text::Language language);
// RFC 4180, with a header line.
std::string inventory_csv(const clients::Inventory& inventory);

// "SSL_CERT_FILE names /x.pem, which does not exist".
std::string problem_sentence(const clients::Problem& problem, text::Language language);
// One rule of a trace: what it is and what became of it.
std::string rule_sentence(const clients::Rule& rule, text::Language language);

}  // namespace medic::report
