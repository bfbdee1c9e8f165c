#pragma once

// `verify --batch`: JSON Lines in, JSON Lines out, in the same order, in bounded memory. A line
// that cannot be read gives a record with "error" and the next line is read.
//
// A line is as verify/question_line.h reads it; what it leaves out, the options of the command line
// say.

#include <cstddef>
#include <string>
#include <vector>

#include "cli/command.h"
#include "verify/verify.h"

namespace medic::cli {

struct BatchOptions {
  std::vector<const profiles::Profile*> profiles;  // several: a line for each, in this order
  std::string roots;                               // empty: the profile's own store
  std::string name;
  verify::Purpose purpose = verify::Purpose::Server;
  bool compare = false;  // run OpenSSL's verifier too
};

// One line, its certificates in PEM or base64.
inline constexpr std::size_t kMaxBatchLineBytes = std::size_t{4} << 20U;

Result<ExitCode> verify_batch(std::istream& in, const BatchOptions& options, Io& io);

}  // namespace medic::cli
