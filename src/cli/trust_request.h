#pragma once

// The roots that `bundle build`, `env` and `run --with-trust` hand out: Mozilla's of today, what
// the inspected system trusts besides, and what the person adds and vouches for.

#include <span>
#include <string>
#include <vector>

#include "cli/command.h"
#include "trust/merged_bundle.h"

namespace medic::cli {

// --add and --sha256, which these commands share.
inline constexpr Option kAddOption{
    .name = "--add", .kind = OptionKind::Repeated, .value = "FILE", .summary_key = "bundle.add"};
inline constexpr Option kSha256Option{.name = "--sha256",
                                      .kind = OptionKind::Repeated,
                                      .value = "FINGERPRINT",
                                      .summary_key = "bundle.sha256"};

// An absent store of the system is no failure: the roots are then Mozilla's and the added ones.
Result<trust::MergedRoots> requested_roots(const Args& args, const Io& io);

// "tlsmedic: extended trust of 2026-11-21", the top line of what we write.
std::string bundle_title(const Io& io);

// What was left out and why, a line each; empty: nothing was.
std::string left_out_text(const trust::MergedRoots& merged, const Io& io);

}  // namespace medic::cli
