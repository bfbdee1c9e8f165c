#pragma once

// The variables by which clients are told a bundle, for one shell or one process. Whether a client
// of a machine obeys is asked of the inventory itself, by the client's own rules.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "clients/survey.h"

namespace medic::clients {

struct TrustVariable {
  std::string_view name;
  std::string_view readers;  // for people: who reads it
};

// All of them take the path of a PEM file that holds everything to be trusted.
std::span<const TrustVariable> trust_variables();

// Every variable of the table, set to `bundle`; and, when `keystore` is not empty, Java's options
// with it added to those that `environment` already has.
Environment trust_environment(const std::string& bundle, const std::string& keystore,
                              const Environment& environment);

// The clients of `machine` (with its own environment) that would not read `bundle` under these
// variables, by their ids; those that verify nothing count among them.
std::vector<std::string> unreached(const machine::Machine& machine, const Environment& variables,
                                   const std::string& bundle);

}  // namespace medic::clients
