#pragma once

// `verify --batch`: JSON Lines in, JSON Lines out, in the same order, in bounded memory. A line
// that cannot be read gives a record with "error" and the next line is read.
//
// In:  {"id": any, "chain": PEM | file | [base64 DER, ...], "roots": "system" | "mozilla" | file |
// PEM,
//       "name": host, "at": RFC 3339 time | Unix seconds, "profile": id, "purpose": "server" |
//       "client"}
// All but "chain" may be left out: the options of the command line then hold.

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
