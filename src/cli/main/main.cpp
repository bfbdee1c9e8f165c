// The process around the program: its streams, its terminal, its signals, and the only catch-all.

#include <unistd.h>

#include <cerrno>
#include <exception>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/progress.h"
#include "base/terminal.h"
#include "cli/command.h"
#include "cli/program.h"
#include "cli/signals.h"
#include "x509/library.h"

namespace {

using medic::cli::ExitCode;

ExitCode run(std::span<char* const> arguments) {
  medic::x509::leave_openssl_to_the_exit();
  std::ios::sync_with_stdio(false);
  std::cin.tie(nullptr);
  const std::vector<std::string> words(arguments.begin() + (arguments.empty() ? 0 : 1),
                                       arguments.end());
  medic::cli::Io io{.out = std::cout, .err = std::cerr};
  io.in = &std::cin;
  io.environment = medic::process_environment();
  io.out_is_terminal = ::isatty(STDOUT_FILENO) != 0;
  io.err_is_terminal = ::isatty(STDERR_FILENO) != 0;
  io.width = medic::terminal_width(io.out_is_terminal ? STDOUT_FILENO : STDERR_FILENO, 80);
  io.stop = &medic::cli::stop_on_signals();
  const std::unique_ptr<medic::Progress> progress =
      io.err_is_terminal ? medic::make_spinner(std::cerr, io.width) : medic::make_silent_progress();
  io.progress = progress.get();

  const ExitCode code = medic::cli::run_program(words, io);
  errno = 0;
  std::cout.flush();
  // A reader that has seen enough (`| head`) is no failure; a full disk is.
  if (!std::cout && errno != EPIPE && errno != 0) {
    std::cerr << medic::text::message(io.language, "cli.cannot_write") << '\n';
    return ExitCode::CouldNotLook;
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return static_cast<int>(run({argv, static_cast<std::size_t>(argc)}));
  } catch (const std::exception& error) {
    std::cerr << "tlsmedic: internal error, please report: " << error.what() << '\n';
  } catch (...) {
    std::cerr << "tlsmedic: internal error, please report\n";
  }
  return static_cast<int>(ExitCode::Bug);
}
