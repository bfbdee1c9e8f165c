#pragma once

// Tiny valid ELF, PE and Mach-O files, for tests: the record that the reader gives, written back.
// They hold no code; the loader accepts them as libraries all the same (tests/binary loads one).

#include <string>
#include <string_view>
#include <vector>

#include "binary/image.h"

namespace medic::test {

// `image.problems` is not written. `text` lies somewhere in the file, for find_tls_library().
std::string make_binary(const binary::Image& image, const binary::Symbols& symbols = {},
                        std::string_view text = {});

// A fat Mach-O file of thin ones.
std::string make_fat(const std::vector<std::string>& thin);

}  // namespace medic::test
