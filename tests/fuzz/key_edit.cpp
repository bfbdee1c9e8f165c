// One key of a file of others set or taken away. Octet 0 chooses the editor, octet 1 what is done;
// then the section, the key and the value up to a zero octet each, and the file.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "settings/edit.h"

namespace {

std::string_view word(std::string_view& rest) {
  const std::string_view one = rest.substr(0, rest.find('\0'));
  rest.remove_prefix(std::min(one.size() + 1, rest.size()));
  return one;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace settings = medic::settings;
  constexpr std::size_t kMostBytes = 4096;  // an edit reads the file once for each line it tries
  if (size < 2 || size > kMostBytes) {
    return 0;
  }
  const auto editors = settings::editor_registry();
  const settings::Editor& editor = *editors[data[0] % editors.size()];
  std::string_view rest = medic::as_text({data + 2, size - 2});
  const settings::Key key{.section = std::string(word(rest)), .name = std::string(word(rest))};
  const std::string value(word(rest));
  const std::string text(rest);
  const auto edited = data[1] % 2 == 0 ? settings::with_key(editor, text, key, value)
                                       : settings::without_key(editor, text, key);
  if (!edited) {
    return 0;
  }
  // What was believed once is believed again: the second time there is nothing to do.
  const auto again = data[1] % 2 == 0 ? settings::with_key(editor, *edited, key, value)
                                      : settings::without_key(editor, *edited, key);
  MEDIC_CHECK(again.has_value());
  MEDIC_CHECK(*again == *edited);
  return 0;
}
