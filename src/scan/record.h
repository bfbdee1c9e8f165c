#pragma once

// A finding as a line: JSON ("tlsmedic.scan/1", docs/schema) or CSV. Keys are always in the same
// order, so that a line's beginning names its place: what --resume reads.

#include <optional>
#include <string>
#include <string_view>

#include "scan/judge.h"

namespace medic::scan {

std::string json_record(const Finding& finding);
// "tlsmedic.scan-certificate/1": one certificate, written when it is first seen.
std::string json_certificate(const x509::Certificate& certificate);

std::string csv_header();
std::string csv_record(const Finding& finding);

// The place of a line that json_record() wrote; none for any other line.
std::optional<std::string> recorded_place(std::string_view line);

}  // namespace medic::scan
