#pragma once

// Which installed client printed a text: the one that a person (or `tlsmedic run`) starts.

#include <string>
#include <string_view>

#include "cli/command.h"

namespace medic::cli {

// The id of the installed client of this kind that `program` starts ("pip", "/opt/venv/bin/pip";
// empty: what PATH has under the kind's own name, or the Python on PATH for a library). The only
// one of its kind is taken whatever the path. Empty: none is installed, or several and none fits.
std::string printing_client(std::string_view kind, std::string_view program, const Io& io);

}  // namespace medic::cli
