#pragma once

// What the experiments with the server name share: the same question under another name or none.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/experiment.h"

namespace medic::diagnose {

// Whether the name may be the reason: an alert, a close, a reset or silence after the ClientHello,
// or a certificate for other names.
bool name_may_matter(const Bench& bench, const Matrix& now);

// The question to the first address with this name; without one for none.
evidence::ProbeSpec named_spec(const Bench& bench, const std::optional<std::string>& sni);

// What the answer to that question changes; none where it was not asked, did not finish, or changes
// nothing. A name under which the handshake finishes at all goes into the bench's base.
std::optional<Observation> observe_named(Bench& bench, const Matrix& now,
                                         std::string_view experiment,
                                         const std::optional<std::string>& sni);

}  // namespace medic::diagnose
