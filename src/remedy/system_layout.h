#pragma once

// Where a system keeps the roots that its administrator added, and what its own tool makes of them.
// Only the files that programs read are written; what the tool makes besides (trust flags for
// OpenSSL's own tools, UEFI lists) it makes at its next run from the same anchor.

#include <string>
#include <string_view>

#include "machine/machine.h"

namespace medic::remedy {

struct SystemLayout {
  std::string_view id;
  std::string_view marker;   // exists on such a system alone, or among those that come later
  std::string_view anchors;  // the directory of added roots
  std::string_view ending;   // of a file that the tool takes from there
  std::string_view bundle;
  std::string_view directory;          // with hash links; empty: none
  std::string_view link_prefix;        // of the certificate's name in it
  bool directory_of_links = false;     // that name leads to the anchor; else it is a copy
  std::string_view keystore;           // of Java; empty: none
  std::string_view tool;               // "update-ca-certificates"
  std::string_view removing_packaged;  // how a root of the system's package is taken out
  std::string_view source;
};

// Null: none that this program knows, or the package that makes it is not installed.
const SystemLayout* system_layout(const machine::Machine& machine);

}  // namespace medic::remedy
