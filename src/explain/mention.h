#pragma once

// Words of a failure where nothing failed: documentation, source code, a retry that went well. A
// line that bears the marks of a program's output (an error code, "Caused by", a level) is never
// taken for these without a plain sign to the contrary.

#include <optional>
#include <string_view>

#include "explain/explain.h"
#include "explain/matcher.h"
#include "explain/squeezed.h"

namespace medic::explain {

// Why `hit` is only a mention; none: it is a failure.
std::optional<SetAside::Why> mention(const Squeezed& text, std::string_view raw, const Hit& hit);

}  // namespace medic::explain
