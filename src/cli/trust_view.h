#pragma once

// Roots of a machine with every store that holds them: what `trust list`, `trust why` and `trust
// remove` look through.

#include <string>
#include <string_view>
#include <vector>

#include "clients/survey.h"

namespace medic::cli {

struct Holder {
  const clients::StoreRecord* store = nullptr;
  std::string place;  // in it: "line 41"; empty: not known
};

struct HeldRoot {
  x509::CertificatePtr certificate;
  std::vector<Holder> holders;
};

// Every root of every store that could be opened, by name.
std::vector<HeldRoot> held_roots(const clients::Inventory& inventory);

// Those that `text` means: SHA-256 or SHA-1, whole or the first eight digits and more.
Result<std::vector<HeldRoot>> roots_named(std::vector<HeldRoot> roots, std::string_view text);

std::string sha1_text(const x509::Certificate& certificate);

}  // namespace medic::cli
