#include "cli/request_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/json.h"
#include "cli/client_rows.h"
#include "cli/diagnosis_request.h"
#include "cli/diagnosis_run.h"
#include "cli/request_plan.h"
#include "cli/request_report.h"
#include "probe/network.h"
#include "report/diagnosis_json.h"
#include "report/diagnosis_text.h"
#include "request/plaintext.h"

namespace medic::cli {
namespace {

using request::Outcome;

// Only these are about TLS or the way there; what a server says is its own affair.
bool is_worth_a_diagnosis(const Outcome& outcome) {
  using request::FailureKind;
  return outcome.failure && outcome.failure->kind != FailureKind::Redirect &&
         outcome.failure->kind != FailureKind::BadAnswer &&
         outcome.failure->kind != FailureKind::Stopped;
}

Result<FinishedDiagnosis> diagnosis_of(const Args& args, const Outcome& outcome,
                                       const request::Trust& trust, Io& io) {
  const Args about = diagnosis_args(args, outcome.url, trust);
  MEDIC_TRY(DiagnosisRequest asked, diagnosis_request(about, io));
  MEDIC_TRY(diagnose::Stores stores, open_stores(about.value("--roots"), {}));
  if (auto added = add_client_rows(about, io, asked.facts, stores); !added) {
    return std::unexpected(std::move(added.error()));
  }
  probe::Network network(std::move(asked.network));
  io.progress->step(io.message("diagnose.step", {{"host", asked.facts.target.unicode}}));
  auto finished = run_diagnosis(std::move(asked.facts), std::move(stores), network);
  io.progress->clear();
  return finished;
}

// What the diagnosis has proven against the server itself.
request::ProvenFault proven_fault(const diagnose::Diagnosis& diagnosis) {
  for (const diagnose::Finding& finding : diagnosis.findings) {
    const request::ProvenFault fault{.cause = finding.cause->id, .parent = finding.cause->parent};
    if (finding.certainty == diagnose::Certainty::Proven &&
        finding.severity == diagnose::Severity::Error &&
        finding.party == catalogue::Party::Server && request::is_protocol_fault(fault)) {
      return fault;
    }
  }
  return {};
}

std::string exposed_text(const std::vector<request::Exposed>& exposes, const Io& io) {
  std::string text = io.message("request.exposes-address");
  for (const request::Exposed what : exposes) {
    text += ", " + io.message(fmt::format("request.exposes-{}", exposed_id(what)));
  }
  return text;
}

class Reporter {
 public:
  Reporter(const Args& args, const RequestPlan& plan, request::Client& client, Io& io)
      : args_(args), plan_(plan), client_(client), io_(io) {}

  Result<ExitCode> report(const request::Request& request, Outcome& outcome) {
    std::string verdict(request_verdict(outcome, plan_.expected));
    // What an answer means to a preset is said later.
    const bool to_be_said = outcome.failure || plan_.preset == nullptr;
    if (verdict != "answered" && !io_.json && to_be_said) {
      io_.err << failure_line(outcome, io_);
    }
    std::string diagnosis;
    if (is_worth_a_diagnosis(outcome) && !args_.flag("--no-diagnosis") && !io_.stopped()) {
      MEDIC_TRY(const FinishedDiagnosis finished, diagnosis_of(args_, outcome, plan_.trust, io_));
      diagnosis = show(finished);
      if (in_the_clear(request, outcome, proven_fault(finished.diagnosis))) {
        verdict = "plaintext";
      }
    }
    const request::PresetAnswer* const meant = meaning_of(outcome);
    if (auto written = write_body(outcome); !written) {
      return std::unexpected(std::move(written.error()));
    }
    if (io_.json) {
      auto json = request_json(outcome, verdict, plan_.trust, diagnosis, io_);
      add_check(meant, json);
      io_.out << json_text(json, plan_.requests.size() == 1 ? 2 : kOneLine) << '\n';
    } else if (plan_.preset != nullptr) {
      say_check(outcome, meant);
    }
    const bool good = plan_.preset != nullptr && args_.flag("--check")
                          ? meant != nullptr && meant->healthy
                          : verdict == "answered" || verdict == "plaintext";
    return good ? ExitCode::Healthy : ExitCode::Found;
  }

 private:
  std::string show(const FinishedDiagnosis& finished) {
    if (io_.json) {
      return report::diagnosis_json(finished.diagnosis, finished.facts, io_.language);
    }
    if (!io_.quiet) {
      io_.err << report::diagnosis_text(finished.diagnosis, finished.facts,
                                        {.language = io_.language,
                                         .width = io_.width,
                                         .color = io_.color ? Color::On : Color::Off,
                                         .detail = report::Detail::Short});
    }
    return {};
  }

  // Asks again without TLS if everything allows it, and says so; says why not where the fault is
  // of the kind for which others fall back.
  bool in_the_clear(const request::Request& request, Outcome& outcome,
                    const request::ProvenFault& fault) {
    using request::PlaintextVerdict;
    const request::PlaintextDecision decision = request::plaintext_decision(
        request, outcome, fault, plan_.plaintext,
        plan_.has_proxy(request.url.target) ? request::Way::Proxied : request::Way::Direct);
    const text::Facts facts = {{"host", request.url.target.host},
                               {"exposed", exposed_text(decision.exposes, io_)}};
    if (decision.verdict == PlaintextVerdict::NotTheServer) {
      if (!plan_.plaintext.hosts.empty()) {
        io_.err << io_.message("request.plaintext-not-the-server", facts) << '\n';
      }
      return false;
    }
    if (decision.verdict != PlaintextVerdict::Allowed) {
      const auto id = request::plaintext_verdict_id(decision.verdict);
      io_.err << io_.message(fmt::format("request.plaintext-{}", id), facts) << '\n'
              << io_.message("request.plaintext_tell", facts) << '\n';
      return false;
    }
    io_.err << io_.message("request.plaintext_warning", facts) << '\n';
    request::Request plain = request;
    plain.url = decision.url;
    Outcome second = std::move(client_.send(std::span(&plain, 1)).front());
    outcome.attempts.insert(outcome.attempts.end(), second.attempts.begin(), second.attempts.end());
    outcome.answer = std::move(second.answer);
    return outcome.answer && !second.failure && outcome.answer->status < 300;
  }

  [[nodiscard]] const request::PresetAnswer* meaning_of(const Outcome& outcome) const {
    if (plan_.preset == nullptr || !outcome.answer || outcome.failure) {
      return nullptr;
    }
    return request::meaning(*plan_.preset, outcome.answer->status, as_text(outcome.answer->body));
  }

  void add_check(const request::PresetAnswer* meant, nlohmann::ordered_json& json) const {
    if (plan_.preset != nullptr) {
      json["preset"] = {{"id", plan_.preset->id},
                        {"healthy", meant != nullptr && meant->healthy},
                        {"text", meant == nullptr ? "" : meant->means.in(io_.language)}};
    }
  }

  void say_check(const Outcome& outcome, const request::PresetAnswer* meant) const {
    const request::Preset& preset = *plan_.preset;
    if (meant != nullptr) {
      io_.err << io_.message(meant->healthy ? "request.healthy" : "request.unhealthy",
                             {{"preset", preset.id}, {"text", meant->means.in(io_.language)}})
              << '\n';
    } else if (outcome.failure) {
      io_.err << io_.message("request.preset_trust", {{"text", preset.trust.in(io_.language)}})
              << '\n';
    } else {
      io_.err << failure_line(outcome, io_);
    }
  }

  [[nodiscard]] Result<void> write_body(const Outcome& outcome) const {
    if (!outcome.answer) {
      return {};
    }
    const std::string_view body = as_text(outcome.answer->body);
    if (args_.has("--output")) {
      return write_file(args_.value("--output"), body);
    }
    if (!io_.json && !args_.flag("--check")) {
      io_.out << body;
    }
    return {};
  }

  const Args& args_;
  const RequestPlan& plan_;
  request::Client& client_;
  Io& io_;
};

}  // namespace

Result<ExitCode> run_requests(const Args& args, Io& io) {
  MEDIC_TRY(RequestPlan plan, request_plan(args, io));
  if (args.has("--output") && plan.requests.size() != 1) {
    return fail(ErrorKind::Usage, "--output takes the body of one URL");
  }
  if (args.flag("--verbose") && !io.json) {
    io.err << trust_line(plan.trust, io);
    plan.client.watch = [&io](const request::Attempt& attempt) {
      io.err << attempt_lines(attempt, io);
    };
  }
  io.progress->step(io.message("request.step", {{"url", plan.requests.front().url.target.url()}}));
  MEDIC_TRY(const std::unique_ptr<request::Client> client,
            request::Client::make(std::move(plan.client)));
  std::vector<Outcome> outcomes = client->send(plan.requests);
  io.progress->clear();
  ExitCode code = ExitCode::Healthy;
  Reporter reporter(args, plan, *client, io);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    MEDIC_TRY(const ExitCode one, reporter.report(plan.requests[i], outcomes[i]));
    code = one == ExitCode::Healthy ? code : one;
  }
  return code;
}

}  // namespace medic::cli
