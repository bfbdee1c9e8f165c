#pragma once

// How likely each cause is, given the words and what stands around them. Weights are odds, not
// promises: what comes out is ranked, and none is ever called certain unless the words themselves
// prove it.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml.h"

namespace medic::explain {

struct CauseWeight {
  std::string cause;     // an id of data/causes
  double weight = 0;     // relative to the others of the list
  bool certain = false;  // the words prove it ("the SSL module is not available")
};

// What is known around a failure.
struct Surroundings {
  std::string client;
  std::string library;
  std::string host;          // empty: none seen
  std::string system;        // "windows", "macos", "linux"; empty: not seen
  bool server_side = false;  // a server's own log
  std::string_view text;     // what stands near, lower case without blanks
};

// All that are given must hold; of each list, any.
struct Condition {
  std::vector<std::string> clients;
  std::vector<std::string> libraries;
  std::vector<std::string> hosts;  // host classes: see host_class()
  std::vector<std::string> systems;
  std::vector<std::string> words;  // near the failure, blanks and case ignored
  std::optional<bool> server_side;
  [[nodiscard]] bool holds(const Surroundings& around) const;
};

// Multiplies weights while its condition holds. A cause that is not in the list is added with
// `added` as its weight where one is given.
struct Shift {
  Condition when;
  std::map<std::string, double, std::less<>> times;
  std::map<std::string, double, std::less<>> added;
};

struct Likely {
  std::string cause;
  double likelihood = 0;  // 0..1, the sum of all is 1; at most kNeverCertain unless `certain`
  bool certain = false;
};

inline constexpr double kNeverCertain = 0.9;

// Sorted, the likeliest first.
std::vector<Likely> likelihoods(const std::vector<CauseWeight>& weights,
                                const std::vector<const Shift*>& shifts,
                                const Surroundings& around);

// "loopback", "private" (RFC 1918 and 4193 addresses, names without a dot, .local, .internal, ...),
// "address" (another bare address), "large" (a public service whose certificate millions use),
// "public", "" for no host.
std::string_view host_class(std::string_view host);

// [[cause]] and [[shift]] of a signature or a symptom file.
std::vector<CauseWeight> parse_causes(const TomlTable& root);
std::vector<Shift> parse_shifts(const TomlTable& root);

}  // namespace medic::explain
