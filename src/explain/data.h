#pragma once

// The data files in the binary: signatures, symptoms, topics, and the databases made from the
// signatures when the program was built.

#include <span>
#include <string_view>

#include "base/embedded.h"

namespace medic::explain {

// data/{explain,signatures,symptoms,topics}/**, sorted by path.
std::span<const EmbeddedFile> data_files();
// The file of that path, or null.
const EmbeddedFile* data_file(std::string_view path);
// Only data/signatures/**: what the databases number.
std::span<const EmbeddedFile> signature_files();
// "words.db", "gates.txt": see database.h and gates.h.
std::span<const EmbeddedFile> database_files();

}  // namespace medic::explain
