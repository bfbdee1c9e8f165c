#pragma once

// From a text to the wire: the diagnosis of the host that a failure names, judged as the client
// that printed it.

#include <string>
#include <string_view>

#include "base/error.h"
#include "cli/command.h"
#include "explain/explain.h"

namespace medic::cli {

struct LiveDiagnosis {
  std::string json;  // as `diagnose --json` prints it
  std::string text;
};

// The first failure of TLS that names a host; both empty when none does. In text form only what the
// caller's Io asks for is filled. Where the client that printed it is installed here, it is a row
// of its own, and is run; `program` is what was started, when that is known.
Result<LiveDiagnosis> diagnose_first(const explain::Explanation& explanation, Io& io,
                                     std::string_view program = {});

}  // namespace medic::cli
