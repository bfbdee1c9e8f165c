// Ask the port in plain HTTP: an answer proves what is behind it.

#include <fmt/core.h>

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

bool spoke_http(const Endpoint& endpoint) {
  if (endpoint.main == nullptr) {
    return false;
  }
  const auto* other = std::get_if<evidence::NotTls>(&endpoint.main->outcome);
  return other != nullptr && other->protocol == "http";
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  for (const Endpoint& endpoint : bench.endpoints()) {
    if (!spoke_http(endpoint) || !endpoint.main->spec.proxy.empty()) {
      continue;
    }
    const evidence::TargetFacts& target = bench.facts().target;
    const bool v6 = target.host.find(':') != std::string::npos;
    const std::string url =
        fmt::format("http://{}:{}/", v6 ? "[" + target.host + "]" : target.host, target.port);
    const evidence::Fetched answer = bench.world().fetch({.url = url,
                                                          .purpose = "plain",
                                                          .max_bytes = 4096,
                                                          .deadline_ms = 5000,
                                                          .allow_private = true,
                                                          .address = endpoint.address});
    if (answer.status == 0) {
      continue;
    }
    Observation seen{.experiment = "plain-http",
                     .relieved = cells_with(now, "wrong-version-number"),
                     .before = "wrong-version-number",
                     .after = fmt::format("HTTP {}", answer.status),
                     .subject = url,
                     .facts = {{"url", url}, {"status", fmt::format("{}", answer.status)}},
                     .handshake = endpoint.main};
    if (!answer.location.empty()) {
      seen.facts["suggestion"] = escaped(answer.location, 200);
    }
    return {seen};
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_plain_http{
    .id = "plain-http", .stage = Stage::Reach, .run = run};

}  // namespace medic::diagnose
