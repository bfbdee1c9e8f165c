// No change at all: the answer itself, where it is proof enough. Bytes that are no TLS, a proxy's
// own words, a signature that does not verify and a refused connection are seen, not concluded.

#include <fmt/core.h>

#include "diagnose/experiment.h"
#include "diagnose/transport.h"

namespace medic::diagnose {
namespace {

struct Answer {
  std::string_view experiment;
  std::string after;
};

struct AnswerOf {
  std::optional<Answer> operator()(const evidence::NotTls& o) const {
    return Answer{"first-bytes", escaped(o.first_bytes, 48)};
  }
  std::optional<Answer> operator()(const evidence::ProxyRefused& o) const {
    return Answer{"proxy-answer", escaped(o.reason, 120)};
  }
  std::optional<Answer> operator()(const evidence::RefusedByUs& o) const {
    return o.reason.find("bad signature") != std::string::npos
               ? std::optional(Answer{"possession-check", o.reason})
               : std::nullopt;
  }
  std::optional<Answer> operator()(const evidence::NotConnected& o) const {
    return Answer{"connect", o.detail.empty() ? o.reason : escaped(o.detail, 120)};
  }
  std::optional<Answer> operator()(const evidence::StartTlsRefused& o) const {
    return Answer{"starttls-answer", escaped(o.reason, 120)};
  }
  template <class Other>
  std::optional<Answer> operator()(const Other& /*outcome*/) const {
    return std::nullopt;
  }
};

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  std::vector<Observation> observations;
  for (const Endpoint& endpoint : bench.endpoints()) {
    if (endpoint.main == nullptr) {
      continue;
    }
    for (const evidence::Alert& alert : endpoint.main->alerts) {
      if (!alert.sent && alert.code == 112) {
        observations.push_back({.experiment = "name-alert",
                                .relieved = cells_with(now, "alert-unrecognized-name"),
                                .before = bench.name(),
                                .after = evidence::alert_name(alert.code),
                                .subject = bench.name(),
                                .handshake = endpoint.main});
        break;
      }
    }
    const auto fault = outcome_fault(*endpoint.main);
    auto answer = std::visit(AnswerOf{}, endpoint.main->outcome);
    if (!fault || !answer) {
      continue;
    }
    observations.push_back({.experiment = answer->experiment,
                            .relieved = cells_with(now, fault->id),
                            .before = endpoint.label,
                            .after = std::move(answer->after),
                            .subject = endpoint.label,
                            .facts = {{"address", endpoint.label}},
                            .handshake = endpoint.main});
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_what_answered{
    .id = "what-answered", .stage = Stage::Reach, .run = run};

}  // namespace medic::diagnose
