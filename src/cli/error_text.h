#pragma once

// The one form in which a failure of ours reaches a person: what, why it matters, what to try.

#include <ostream>
#include <string>

#include "base/error.h"
#include "cli/command.h"

namespace medic::cli {

//   error: trust store 'corp': corp.pem:41 is not base64
//     so: 3 client profiles use this store; they are reported as untested
//     try: tlsmedic store check corp
std::string error_text(const Error& error, text::Language language);

ExitCode exit_code(ErrorKind kind);

}  // namespace medic::cli
