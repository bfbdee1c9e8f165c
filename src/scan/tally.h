#pragma once

// What a scan found, counted: for the line while it runs and the summary at its end. Bounded
// whatever the number of places.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "scan/judge.h"

namespace medic::scan {

struct Expiring {
  Time not_after{};
  std::string place;
  auto operator<=>(const Expiring&) const = default;
};

struct Tally {
  static constexpr std::size_t kExpiring = 20;
  static constexpr std::size_t kMostCertificates = 200'000;  // told apart for sharing

  std::uint64_t findings = 0;
  std::uint64_t pass = 0;
  std::uint64_t fail = 0;
  std::uint64_t unreachable = 0;
  std::uint64_t undiagnosed = 0;                // failing, and no experiment was made
  std::map<std::string, std::uint64_t> faults;  // the deciding one of each
  std::map<std::string, std::uint64_t> causes;
  std::map<std::string, std::uint64_t> parties;
  std::map<std::string, std::uint64_t> versions;
  std::map<std::string, std::uint64_t> issuers;           // of leaves; bounded
  std::set<Expiring> expiring;                            // of those that pass: the soonest
  std::unordered_map<std::string, std::uint32_t> leaves;  // by fingerprint, raw

  void add(const Finding& finding);
};

// The largest first; equal ones by name.
std::vector<std::pair<std::string, std::uint64_t>> ranked(
    const std::map<std::string, std::uint64_t>& counts);

}  // namespace medic::scan
