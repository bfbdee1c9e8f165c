#include "base/environment.h"

#include <unistd.h>

namespace medic {

Environment process_environment() {
  Environment all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos && equals > 0) {
      // getenv() answers with the first of two entries; emplace keeps the first as well.
      all.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return all;
}

std::string_view variable(const Environment& environment, std::string_view name) {
  const auto at = environment.find(name);
  return at != environment.end() ? std::string_view(at->second) : std::string_view();
}

}  // namespace medic
