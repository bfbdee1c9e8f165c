#pragma once

// What programs and libraries say of themselves in plain text: versions and paths that were
// compiled in. Bounded searches over bytes; nothing is run.

#include <optional>
#include <string>
#include <string_view>

#include "machine/machine.h"

namespace medic::clients {

// Enough for every program we read so far; a larger one is searched this far.
inline constexpr std::size_t kMaxProgramBytes = std::size_t{64} << 20U;

// The first bytes of a file; empty when it cannot be read.
std::string program_text(const machine::Machine& machine, std::string_view path);

// The characters after `mark` up to a NUL, a blank or a control character; none: no mark.
std::optional<std::string> word_after(std::string_view text, std::string_view mark);
// The same, where a digit follows the mark: "curl/7.88.1" and not "curl/curl.h".
std::optional<std::string> version_after(std::string_view text, std::string_view mark);
// The NUL-terminated text that begins with `start` and, where given, ends with `end`; none: not
// there.
std::optional<std::string> text_from(std::string_view text, std::string_view start,
                                     std::string_view end = {});

// A shared library by its name in the usual directories of the system; none: not found. Search
// paths inside the program that needs it are not looked at.
std::optional<std::string> system_library(const machine::Machine& machine, std::string_view name);

}  // namespace medic::clients
