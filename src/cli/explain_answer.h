#pragma once

// What `explain` and `run` say about a text: as JSON (docs/schema/explain-1.json) and for a person.

#include <string>

#include "cli/command.h"
#include "explain/explain.h"

namespace medic::cli {

// `live`: the diagnosis that --live made, as JSON; empty: none.
std::string explanation_json(const explain::Explanation& explanation, const Io& io,
                             const std::string& live = {});
std::string explanation_text(const explain::Explanation& explanation, const Io& io);
// One failure alone, as --follow prints it: JSON on one line, or as a person reads it.
std::string failure_json(const explain::Failure& failure, const Io& io);
std::string failure_text(const explain::Failure& failure, const Io& io);

}  // namespace medic::cli
