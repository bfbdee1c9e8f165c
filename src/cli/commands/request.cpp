#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "cli/client_rows.h"
#include "cli/command.h"
#include "cli/diagnosis_request.h"
#include "cli/diagnosis_run.h"
#include "cli/request_plan.h"
#include "cli/request_report.h"
#include "probe/network.h"
#include "report/diagnosis_json.h"
#include "report/diagnosis_text.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--verbose", .summary_key = "request.verbose"},
    {.name = "--ca",
     .kind = OptionKind::Value,
     .value = "FILE|system|mozilla",
     .summary_key = "request.ca"},
    {.name = "--profile",
     .kind = OptionKind::Value,
     .value = "PROFILE",
     .summary_key = "request.profile"},
    {.name = "--client",
     .kind = OptionKind::Value,
     .value = "NAME",
     .summary_key = "request.client"},
    {.name = "--header",
     .kind = OptionKind::Repeated,
     .value = "'NAME: VALUE'",
     .summary_key = "request.header"},
    {.name = "--secret",
     .kind = OptionKind::Repeated,
     .value = "HEADER=env:NAME|file:PATH",
     .summary_key = "request.secret"},
    {.name = "--bearer",
     .kind = OptionKind::Value,
     .value = "env:NAME|file:PATH",
     .summary_key = "request.bearer"},
    {.name = "--data", .kind = OptionKind::Value, .value = "FILE|-", .summary_key = "request.data"},
    {.name = "--output",
     .kind = OptionKind::Value,
     .value = "FILE",
     .summary_key = "request.output"},
    {.name = "--expect",
     .kind = OptionKind::Value,
     .value = "STATUS[,STATUS]",
     .summary_key = "request.expect"},
    {.name = "--http",
     .kind = OptionKind::Value,
     .value = "1.1|2",
     .summary_key = "request.http",
     .one_of = "1.1|2"},
    {.name = "--tls-min",
     .kind = OptionKind::Value,
     .value = "1.2|1.3",
     .summary_key = "request.tls_min",
     .one_of = "1.2|1.3"},
    {.name = "--tls-max",
     .kind = OptionKind::Value,
     .value = "1.2|1.3",
     .summary_key = "request.tls_max",
     .one_of = "1.2|1.3"},
    {.name = "--cert", .kind = OptionKind::Value, .value = "FILE", .summary_key = "diagnose.cert"},
    {.name = "--key", .kind = OptionKind::Value, .value = "FILE", .summary_key = "diagnose.key"},
    {.name = "--passphrase-file",
     .kind = OptionKind::Value,
     .value = "FILE",
     .summary_key = "diagnose.passphrase_file"},
    {.name = "--proxy",
     .kind = OptionKind::Value,
     .value = "URL|none",
     .summary_key = "diagnose.proxy"},
    {.name = "--resolve",
     .kind = OptionKind::Repeated,
     .value = "HOST:PORT:ADDRESS[,ADDRESS]",
     .summary_key = "diagnose.resolve"},
    {.name = "--connect-to",
     .kind = OptionKind::Repeated,
     .value = "HOST1:PORT1:HOST2:PORT2",
     .summary_key = "diagnose.connect_to"},
    {.name = "--address-family",
     .kind = OptionKind::Value,
     .value = "any|4|6",
     .summary_key = "diagnose.address_family",
     .one_of = "any|4|6"},
    {.name = "--timeout",
     .kind = OptionKind::Repeated,
     .value = "SECONDS|PHASE=SECONDS",
     .summary_key = "request.timeout"},
    {.name = "--retries",
     .kind = OptionKind::Value,
     .value = "N",
     .summary_key = "request.retries"},
    {.name = "--redirects",
     .kind = OptionKind::Value,
     .value = "N",
     .summary_key = "request.redirects"},
    {.name = "--max-bytes",
     .kind = OptionKind::Value,
     .value = "N",
     .summary_key = "request.max_bytes"},
    {.name = "--keylog",
     .kind = OptionKind::Value,
     .value = "FILE",
     .summary_key = "request.keylog"},
    {.name = "--no-diagnosis", .summary_key = "request.no_diagnosis"}};
constexpr Positional kPositionals[] = {
    {.name = "METHOD", .summary_key = "request.method", .required = false},
    {.name = "URL", .summary_key = "request.url", .required = false, .repeated = true}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic request GET https://api.example.com/v1/health -v",
     .summary_key = "request.example"},
    {.command = "tlsmedic request GET https://api.example.com/v1/models --bearer env:API_TOKEN "
                "--json",
     .summary_key = "request.example_bearer"},
    {.command = "tlsmedic request POST https://api.example.com/v1/jobs --data job.json --header "
                "'Content-Type: application/json' --client requests",
     .summary_key = "request.example_client"}};

// Only these are about TLS or the way there; what a server says is its own affair.
bool is_worth_a_diagnosis(const request::Outcome& outcome) {
  using request::FailureKind;
  return outcome.failure && outcome.failure->kind != FailureKind::Redirect &&
         outcome.failure->kind != FailureKind::BadAnswer &&
         outcome.failure->kind != FailureKind::Stopped;
}

Result<FinishedDiagnosis> diagnosis_of(const Args& args, const request::Outcome& outcome,
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

class Reporter {
 public:
  Reporter(const Args& args, const RequestPlan& plan, Io& io) : args_(args), plan_(plan), io_(io) {}

  Result<ExitCode> report(const request::Outcome& outcome) {
    const bool good = request_verdict(outcome, plan_.expected) == "answered";
    std::string diagnosis;
    if (!good && !io_.json) {
      io_.err << failure_line(outcome, io_);
    }
    if (is_worth_a_diagnosis(outcome) && !args_.flag("--no-diagnosis") && !io_.stopped()) {
      MEDIC_TRY(const FinishedDiagnosis finished, diagnosis_of(args_, outcome, plan_.trust, io_));
      if (io_.json) {
        diagnosis = report::diagnosis_json(finished.diagnosis, finished.facts, io_.language);
      } else if (!io_.quiet) {
        io_.err << report::diagnosis_text(finished.diagnosis, finished.facts,
                                          {.language = io_.language,
                                           .width = io_.width,
                                           .color = io_.color ? Color::On : Color::Off,
                                           .detail = report::Detail::Short});
      }
    }
    if (auto written = write_body(outcome); !written) {
      return std::unexpected(std::move(written.error()));
    }
    if (io_.json) {
      const auto json = request_json(outcome, plan_.expected, plan_.trust, diagnosis, io_);
      io_.out << json.dump(plan_.requests.size() == 1 ? 2 : -1) << '\n';
    }
    return good ? ExitCode::Healthy : ExitCode::Found;
  }

 private:
  Result<void> write_body(const request::Outcome& outcome) const {
    if (!outcome.answer) {
      return {};
    }
    const std::string_view body = as_text(outcome.answer->body);
    if (args_.has("--output")) {
      return write_file(args_.value("--output"), body);
    }
    if (!io_.json) {
      io_.out << body;
    }
    return {};
  }

  const Args& args_;
  const RequestPlan& plan_;
  Io& io_;
};

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(RequestPlan plan, request_plan(args, io));
  if (args.has("--output") && plan.requests.size() != 1) {
    return fail(ErrorKind::Usage, "--output takes the body of one URL");
  }
  const bool verbose = args.flag("--verbose") && !io.json;
  if (verbose) {
    io.err << trust_line(plan.trust, io);
    plan.client.watch = [&io](const request::Attempt& attempt) {
      io.err << attempt_lines(attempt, io);
    };
  }
  io.progress->step(io.message("request.step", {{"url", plan.requests.front().url.target.url()}}));
  MEDIC_TRY(const std::unique_ptr<request::Client> client,
            request::Client::make(std::move(plan.client)));
  const std::vector<request::Outcome> outcomes = client->send(plan.requests);
  io.progress->clear();
  ExitCode code = ExitCode::Healthy;
  Reporter reporter(args, plan, io);
  for (const request::Outcome& outcome : outcomes) {
    MEDIC_TRY(const ExitCode one, reporter.report(outcome));
    code = one == ExitCode::Healthy ? code : one;
  }
  return code;
}

}  // namespace

extern constinit const Command command_request{.name = "request",
                                               .summary_key = "request.summary",
                                               .options = kOptions,
                                               .positionals = kPositionals,
                                               .examples = kExamples,
                                               .run = run};

}  // namespace medic::cli
