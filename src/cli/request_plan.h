#pragma once

// From the options of `request` to what is sent, to whom, and what counts as a good answer.

#include <string>
#include <vector>

#include "cli/command.h"
#include "request/client.h"

namespace medic::cli {

struct RequestPlan {
  request::ClientOptions client;
  request::Trust trust;  // that of `client`, for the report
  std::vector<request::Request> requests;
  std::vector<int> expected;  // status codes; empty: 100 to 399
};

// Reads credentials, so that `io` loses the variables they came from.
Result<RequestPlan> request_plan(const Args& args, Io& io);

// The same target for `diagnose`: what was asked, without credentials.
Args diagnosis_args(const Args& args, const request::Url& url, const request::Trust& trust);

}  // namespace medic::cli
