#pragma once

// From the options of `diagnose` to a question: the target, the proxies of flags and environment,
// the overrides, the client certificate.

#include "cli/command.h"
#include "evidence/case.h"
#include "probe/network.h"
#include "target/proxy.h"
#include "target/target.h"

namespace medic::cli {

struct DiagnosisRequest {
  evidence::Case facts;
  probe::NetworkOptions network;
};

Result<DiagnosisRequest> diagnosis_request(const Args& args, const Io& io);

evidence::TargetFacts target_facts(const target::Target& target);
// Makes this proxy the one to go through. An https:// proxy is also registered as http:// under
// "<id>-plain", for the experiment that tries it so.
void add_proxy(evidence::Case& facts, probe::NetworkOptions& network, const target::Proxy& proxy,
               std::string source);

}  // namespace medic::cli
