#pragma once

// The client certificate and key that the person gave: PEM files or one PKCS#12 file, opened with a
// passphrase from a file or asked for on the terminal without echo. None of it reaches evidence or
// logs.

#include <optional>

#include "cli/command.h"
#include "x509/identity.h"

namespace medic::cli {

// None when --cert was not given.
Result<std::optional<x509::Identity>> client_identity(const Args& args, const Io& io);

}  // namespace medic::cli
