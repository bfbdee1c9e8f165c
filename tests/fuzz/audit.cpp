// Source files of every language, notebooks, configuration, .gitignore and RECORD. The first byte
// chooses how the rest is read.

#include "audit/audit.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/ignore.h"
#include "audit/language.h"
#include "audit/record.h"
#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  static const std::vector<const medic::audit::Rule*> rules = [] {
    std::vector<const medic::audit::Rule*> all;
    for (const medic::audit::Rule& rule : medic::audit::all_rules()) {
      all.push_back(&rule);
    }
    return all;
  }();
  const std::string_view text = medic::as_text({data + 1, size - 1});
  const auto& languages = medic::audit::all_languages();
  if (data[0] == 0xFF) {
    const auto patterns = medic::audit::parse_ignore(text);
    static_cast<void>(medic::audit::ignore_answer(patterns, "a/b/c.py", false));
    static_cast<void>(medic::audit::parse_record(text));
    return 0;
  }
  // Half of the inputs go to Python, which has a parser.
  const medic::audit::Language* language = data[0] < 0x60 ? medic::audit::find_language("python")
                                                          : &languages[data[0] % languages.size()];
  static_cast<void>(medic::audit::audit_text("a/file", text, language, rules, medic::Time{}));
  return 0;
}
