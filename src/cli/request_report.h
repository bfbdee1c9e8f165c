#pragma once

// What became of a request, for people (on standard error: standard output belongs to the body) and
// for programs: schema "tlsmedic.request/1" (docs/schema/request-1.json).

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/command.h"
#include "request/client.h"

namespace medic::cli {

// "answered": as expected. "unexpected": another status. "failed": no answer.
std::string_view request_verdict(const request::Outcome& outcome, const std::vector<int>& expected);

// "trust: 142 certificates of …": whom the request believes, and why.
std::string trust_line(const request::Trust& trust, const Io& io);
// One attempt, as -v shows it.
std::string attempt_lines(const request::Attempt& attempt, const Io& io);
// Why there is no answer, or that it is not the one expected.
std::string failure_line(const request::Outcome& outcome, const Io& io);

// `diagnosis` is the JSON of a diagnosis, or empty.
nlohmann::ordered_json request_json(const request::Outcome& outcome, std::string_view verdict,
                                    const request::Trust& trust, const std::string& diagnosis,
                                    const Io& io);

}  // namespace medic::cli
