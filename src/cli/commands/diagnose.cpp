#include <fmt/core.h>

#include "base/files.h"
#include "cli/client_rows.h"
#include "cli/command.h"
#include "cli/diagnosis_request.h"
#include "cli/diagnosis_run.h"
#include "probe/network.h"
#include "report/diagnosis_json.h"
#include "report/diagnosis_text.h"
#include "x509/container.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--roots",
     .kind = OptionKind::Value,
     .value = "FILE|system|mozilla",
     .summary_key = "diagnose.roots"},
    {.name = "--system-roots",
     .kind = OptionKind::Value,
     .value = "FILE",
     .summary_key = "diagnose.system_roots"},
    {.name = "--profile",
     .kind = OptionKind::Value,
     .value = "PROFILE",
     .summary_key = "diagnose.profile"},
    {.name = "--client",
     .kind = OptionKind::Repeated,
     .value = "NAME",
     .summary_key = "diagnose.client"},
    {.name = "--clients",
     .kind = OptionKind::Value,
     .value = "all|none",
     .summary_key = "diagnose.clients",
     .one_of = "all|none"},
    {.name = "--no-trials", .summary_key = "diagnose.no_trials"},
    {.name = "--sni",
     .kind = OptionKind::Value,
     .value = "NAME|none",
     .summary_key = "diagnose.sni"},
    {.name = "--starttls",
     .kind = OptionKind::Value,
     .value = "PROTOCOL|auto|none",
     .summary_key = "diagnose.starttls"},
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
    {.name = "--cert", .kind = OptionKind::Value, .value = "FILE", .summary_key = "diagnose.cert"},
    {.name = "--key", .kind = OptionKind::Value, .value = "FILE", .summary_key = "diagnose.key"},
    {.name = "--passphrase-file",
     .kind = OptionKind::Value,
     .value = "FILE",
     .summary_key = "diagnose.passphrase_file"},
    {.name = "--issuers",
     .kind = OptionKind::Value,
     .value = "FILE",
     .summary_key = "diagnose.issuers"},
    {.name = "--timeout",
     .kind = OptionKind::Value,
     .value = "SECONDS",
     .summary_key = "diagnose.timeout"},
    {.name = "--max-connections",
     .kind = OptionKind::Value,
     .value = "N",
     .summary_key = "diagnose.max_connections"},
    {.name = "--no-revocation", .summary_key = "diagnose.no_revocation"},
    {.name = "--write-chain",
     .kind = OptionKind::Value,
     .value = "FILE",
     .summary_key = "diagnose.write_chain"},
    {.name = "--save", .kind = OptionKind::Value, .value = "FILE", .summary_key = "diagnose.save"},
    {.name = "--from", .kind = OptionKind::Value, .value = "FILE", .summary_key = "diagnose.from"},
    {.name = "--fail-on",
     .kind = OptionKind::Value,
     .value = "error|warning",
     .summary_key = "diagnose.fail_on",
     .one_of = "error|warning"},
    {.name = "--full", .summary_key = "diagnose.full"}};
constexpr Positional kPositionals[] = {
    {.name = "TARGET", .summary_key = "diagnose.target", .required = false}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic diagnose https://example.org", .summary_key = "diagnose.example_url"},
    {.command = "tlsmedic diagnose example.org --roots corporate-ca.pem --profile python",
     .summary_key = "diagnose.example_roots"},
    {.command = "tlsmedic diagnose https://example.org --client pip",
     .summary_key = "diagnose.example_client"},
    {.command = "tlsmedic diagnose smtp://mail.example.org --save case.json",
     .summary_key = "diagnose.example_save"},
    {.command = "tlsmedic diagnose --from case.json --lang ko",
     .summary_key = "diagnose.example_from"}};

Result<FinishedDiagnosis> live(const Args& args, Io& io) {
  MEDIC_TRY(DiagnosisRequest request, diagnosis_request(args, io));
  MEDIC_TRY(diagnose::Stores stores,
            open_stores(args.value("--roots"), args.value("--system-roots")));
  if (auto added = add_client_rows(args, io, request.facts, stores); !added) {
    return std::unexpected(std::move(added.error()));
  }
  probe::Network network(std::move(request.network));
  io.progress->step(io.message("diagnose.step", {{"host", request.facts.target.unicode}}));
  Result<FinishedDiagnosis> finished =
      run_diagnosis(std::move(request.facts), std::move(stores), network);
  io.progress->clear();
  return finished;
}

Result<FinishedDiagnosis> saved(const std::string& path) {
  MEDIC_TRY(const std::string json, read_text_file(path));
  auto facts = evidence::parse_case(json);
  if (!facts) {
    return std::unexpected(std::move(facts.error()).within(path));
  }
  return replay_diagnosis(*std::move(facts));
}

// The chain file a server should send, or why there is none.
Result<void> write_chain(const std::string& path, const diagnose::Diagnosis& diagnosis) {
  if (diagnosis.full_chain.empty()) {
    return fail(ErrorKind::Data,
                fmt::format("no chain to write to {}: no certificate was seen", path));
  }
  std::string text;
  for (const x509::CertificatePtr& certificate : diagnosis.full_chain) {
    text += x509::pem(*certificate);
  }
  return write_file(path, text);
}

ExitCode exit_code(const diagnose::Diagnosis& diagnosis, std::string_view fail_on) {
  if (diagnosis.health != diagnose::Health::Healthy ||
      (fail_on == "warning" && !diagnosis.findings.empty())) {
    return ExitCode::Found;
  }
  return ExitCode::Healthy;
}

Result<ExitCode> run(const Args& args, Io& io) {
  const std::string from = args.value("--from");
  if (from.empty() == args.positional("TARGET").empty()) {
    return fail(ErrorKind::Usage,
                from.empty() ? "diagnose needs a TARGET, such as https://example.org"
                             : "diagnose takes a TARGET or --from, not both",
                {}, "tlsmedic diagnose --help");
  }
  MEDIC_TRY(const FinishedDiagnosis finished, from.empty() ? live(args, io) : saved(from));
  if (io.stopped()) {
    return fail(ErrorKind::Io, "stopped before the diagnosis was complete");
  }
  if (const std::string path = args.value("--save"); !path.empty()) {
    if (auto written = write_file(path, evidence::case_json(finished.facts)); !written) {
      return std::unexpected(std::move(written.error()));
    }
  }
  if (const std::string path = args.value("--write-chain"); !path.empty()) {
    if (auto written = write_chain(path, finished.diagnosis); !written) {
      return std::unexpected(std::move(written.error()));
    }
  }
  if (io.json) {
    io.out << report::diagnosis_json(finished.diagnosis, finished.facts, io.language);
  } else if (!io.quiet) {
    io.out << report::diagnosis_text(
        finished.diagnosis, finished.facts,
        {.language = io.language,
         .width = io.width,
         .color = io.color ? Color::On : Color::Off,
         .detail = args.flag("--full") ? report::Detail::Full : report::Detail::Short});
  }
  return exit_code(finished.diagnosis, args.value("--fail-on", "error"));
}

}  // namespace

extern constinit const Command command_diagnose{.name = "diagnose",
                                                .summary_key = "diagnose.summary",
                                                .options = kOptions,
                                                .positionals = kPositionals,
                                                .examples = kExamples,
                                                .run = run};

}  // namespace medic::cli
