#pragma once

// What `trust add` and `trust remove` share: the plan is shown, agreed to, applied and checked.

#include "cli/cure.h"

namespace medic::cli {

inline constexpr Option kStorePasswordOption{.name = "--password-variable",
                                             .kind = OptionKind::Value,
                                             .value = "NAME",
                                             .summary_key = "trust.password_variable"};
inline constexpr Option kDryRunOption{.name = "--dry-run", .summary_key = "trust.dry_run"};

// "system,java" -> {"system", "java"}; an Error names the one that is not in `known`.
Result<std::vector<std::string>> listed(const std::string& text,
                                        std::span<const std::string_view> known);
// Of --password-variable.
std::optional<std::string> store_password(const Args& args, const Io& io);

Result<ExitCode> change_trust(const Args& args, const Patient& patient, const Wish& wish, Io& io);

}  // namespace medic::cli
