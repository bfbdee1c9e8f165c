#pragma once

// Every path from the leaf to an anchor that names allow, good signatures first, within bounds that
// stop a hostile pile of cross-signed certificates.

#include "verify/inputs.h"

namespace medic::verify {

// Go stops after 100 signature checks, webpki after 100 signatures and 200,000 steps (their
// sources, verify.go maxChainSignatureChecks and verify_cert.rs Budget). Ours cover what a person
// can read.
inline constexpr std::size_t kMaxPathLength = 16;
inline constexpr std::size_t kMaxPaths = 64;
inline constexpr std::size_t kMaxSteps = 4096;
inline constexpr std::size_t kMaxNewSignatures = 256;

struct SearchResult {
  std::vector<FoundPath> paths;  // anchored ones first; faults are not filled in
  bool limit_reached = false;
};

enum class UseExtra { No, Yes };  // issuers that the server did not send

SearchResult search_paths(const Inputs& inputs, UseExtra extra);

// Does any path of good signatures reach an anchor? Names and signatures only.
bool reaches_anchor(const Inputs& inputs, UseExtra extra);

}  // namespace medic::verify
