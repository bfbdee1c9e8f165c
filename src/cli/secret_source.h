#pragma once

// Credentials of a request, taken from where no list of processes and no shell history shows them:
// "env:NAME" or "file:PATH". From then on a crash of this process leaves no memory behind.

#include <string>

#include "cli/command.h"
#include "target/secret.h"

namespace medic::cli {

Result<target::Secret> secret_from(const std::string& source, Io& io);

}  // namespace medic::cli
