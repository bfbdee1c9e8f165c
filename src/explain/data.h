#pragma once

// The data files in the binary: signatures, symptoms, topics, and the databases made from the
// signatures when the program was built.

#include <span>

#include "base/embedded.h"

namespace medic::explain {

// data/{explain,signatures,symptoms,topics}/**, sorted by path.
std::span<const EmbeddedFile> data_files();
// Only data/signatures/**: what the databases number.
std::span<const EmbeddedFile> signature_files();
// "words.db", "gates.db": see database.h.
std::span<const EmbeddedFile> database_files();

}  // namespace medic::explain
