#pragma once

// Texts that are no UTF-8: what Windows programs write in the code page of the machine's language.
// The words of TLS libraries are ASCII and are found anyway; the system's own, translated words are
// not, until the text is turned.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace medic::explain {

bool is_utf8(std::string_view text);

// Code pages that a text may be written in, those of most machines first.
std::span<const char* const> code_pages();

// The text read so, as UTF-8; line ends stay. Empty where the C library has no table for the page.
std::optional<std::string> read_as(const char* code_page, std::string_view text);

}  // namespace medic::explain
