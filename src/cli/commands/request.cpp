#include <fmt/core.h>

#include <string>

#include "cli/command.h"
#include "cli/request_run.h"
#include "request/preset.h"

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
    {.name = "--no-diagnosis", .summary_key = "request.no_diagnosis"},
    {.name = "--preset",
     .kind = OptionKind::Value,
     .value = "NAME",
     .summary_key = "request.preset"},
    {.name = "--set",
     .kind = OptionKind::Repeated,
     .value = "NAME=VALUE",
     .summary_key = "request.set"},
    {.name = "--check", .summary_key = "request.check"},
    {.name = "--list-presets", .summary_key = "request.list_presets"},
    {.name = "--allow-plaintext",
     .kind = OptionKind::Repeated,
     .value = "HOST[:PORT]",
     .summary_key = "request.allow_plaintext"},
    {.name = "--allow-plaintext-with",
     .kind = OptionKind::Repeated,
     .value = "credentials|cookies|body",
     .summary_key = "request.allow_plaintext_with",
     .one_of = "credentials|cookies|body"}};
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
     .summary_key = "request.example_client"},
    {.command = "tlsmedic request --preset gemini --check",
     .summary_key = "request.example_preset"}};

std::string list_of_presets(const Io& io) {
  std::string text;
  for (const request::Preset& preset : request::all_presets()) {
    text += fmt::format("{:<12} {}\n{:<12} {}\n", preset.id, preset.title.in(io.language), "",
                        preset.use.in(io.language));
  }
  return text;
}

Result<ExitCode> run(const Args& args, Io& io) {
  if (args.flag("--list-presets")) {
    io.out << list_of_presets(io);
    return ExitCode::Healthy;
  }
  return run_requests(args, io);
}

}  // namespace

extern constinit const Command command_request{.name = "request",
                                               .summary_key = "request.summary",
                                               .options = kOptions,
                                               .positionals = kPositionals,
                                               .examples = kExamples,
                                               .run = run};

}  // namespace medic::cli
