#pragma once

// From the options of `request` to what is sent, to whom, and what counts as a good answer.

#include <string>
#include <vector>

#include "cli/command.h"
#include "request/client.h"
#include "request/plaintext.h"
#include "request/preset.h"

namespace medic::cli {

struct RequestPlan {
  request::ClientOptions client;
  request::Trust trust;  // that of `client`, for the report
  std::vector<request::Request> requests;
  std::vector<int> expected;  // status codes; empty: 100 to 399
  const request::Preset* preset = nullptr;
  request::PlaintextRules plaintext;
  // Whether a proxy stands between us and the target.
  std::function<bool(const target::Target&)> has_proxy;
};

// Reads credentials, so that `io` loses the variables they came from.
Result<RequestPlan> request_plan(const Args& args, Io& io);

// The same target for `diagnose`: what was asked, without credentials.
Args diagnosis_args(const Args& args, const request::Url& url, const request::Trust& trust);

}  // namespace medic::cli
