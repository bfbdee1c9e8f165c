#pragma once

// What the experiments about names share: the certificate whose names are in question.

#include <optional>
#include <string>
#include <string_view>

#include "diagnose/experiment.h"

namespace medic::diagnose {

// The server's own certificate, where a client stumbles over its names; null otherwise.
x509::CertificatePtr misnamed_leaf(Bench& bench, const Matrix& now);

// The matrix under a change that is about names only; none when it relieved nothing about names.
std::optional<Observation> observe_names(Bench& bench, const Matrix& now,
                                         std::string_view experiment, const Hypothesis& hypothesis,
                                         const x509::CertificatePtr& leaf);

}  // namespace medic::diagnose
