#pragma once

// One writer a format; see writer.h.

#include <string>
#include <string_view>

#include "binary/image.h"

namespace medic::test {

std::string write_elf(const binary::Image& image, const binary::Symbols& symbols,
                      std::string_view text);
std::string write_pe(const binary::Image& image, const binary::Symbols& symbols,
                     std::string_view text);
std::string write_macho(const binary::Image& image, const binary::Symbols& symbols,
                        std::string_view text);

}  // namespace medic::test
