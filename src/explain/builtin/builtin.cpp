#include <algorithm>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "base/embedded.h"
#include "base/error.h"
#include "explain/data.h"
#include "explain/database.h"
#include "explain/matcher.h"

namespace medic::explain {

Result<Matcher> Matcher::builtin() {
  const auto file = [](std::string_view name) {
    const auto files = database_files();
    const auto at = std::find_if(files.begin(), files.end(),
                                 [&](const EmbeddedFile& f) { return f.path == name; });
    MEDIC_CHECK(at != files.end());
    return at->bytes;
  };
  MEDIC_TRY(Database words, Database::read(file("words.db")));
  return Matcher(signature_files(), std::move(words), as_text(file("gates.txt")));
}

}  // namespace medic::explain
