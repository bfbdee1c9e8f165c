#pragma once

#include <optional>
#include <string_view>

namespace medic::text {

enum class Language { English, Korean };

// "en" or "ko": the directory of data/messages and the table in catalogue entries.
std::string_view code(Language language);
std::optional<Language> parse_language(std::string_view code);

}  // namespace medic::text
