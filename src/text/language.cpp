#include "text/language.h"

namespace medic::text {

std::string_view code(Language language) {
  switch (language) {
    case Language::English:
      return "en";
    case Language::Korean:
      return "ko";
  }
  return "en";
}

std::optional<Language> parse_language(std::string_view code) {
  if (code == "en") {
    return Language::English;
  }
  if (code == "ko") {
    return Language::Korean;
  }
  return std::nullopt;
}

}  // namespace medic::text
