#pragma once

// The catalogue's pages on a terminal: wrapped, headings painted, link addresses left out.

#include <string>
#include <string_view>

#include "cli/command.h"

namespace medic::cli {

// Knows what our pages use: headings, paragraphs on one line, lists, quotes, fenced code, `code`,
// **bold** and [text](page.md). Fenced code comes out as it is, so that it can be copied.
std::string terminal_page(std::string_view markdown, const Io& io);

}  // namespace medic::cli
