#include "cli/error_text.h"

#include <fmt/core.h>

namespace medic::cli {

std::string error_text(const Error& error, text::Language language) {
  std::string out = fmt::format("{}: {}\n", text::message(language, "cli.error_label"), error.what);
  if (!error.matters.empty()) {
    out += fmt::format("  {}: {}\n", text::message(language, "cli.so_label"), error.matters);
  }
  if (!error.next_step.empty()) {
    out += fmt::format("  {}: {}\n", text::message(language, "cli.try_label"), error.next_step);
  }
  return out;
}

ExitCode exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Usage:
      return ExitCode::Usage;
    case ErrorKind::Io:
    case ErrorKind::Data:
    case ErrorKind::Limit:
      return ExitCode::CouldNotLook;
    case ErrorKind::Bug:
      return ExitCode::Bug;
  }
  return ExitCode::Bug;
}

}  // namespace medic::cli
