#include "audit/audit.h"

#include <algorithm>
#include <set>
#include <string>
#include <thread>

#include "cli/audit_fix.h"
#include "cli/audit_run.h"
#include "cli/command.h"
#include "cli/program.h"
#include "report/audit_format.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {{.name = "--format",
                                .kind = OptionKind::Value,
                                .value = "FORMAT",
                                .summary_key = "audit.format",
                                .one_of = "text|json|sarif|junit|github|gitlab"},
                               {.name = "--severity",
                                .kind = OptionKind::Value,
                                .value = "LEVEL",
                                .summary_key = "audit.severity",
                                .one_of = "low|medium|high"},
                               {.name = "--baseline",
                                .kind = OptionKind::Value,
                                .value = "FILE",
                                .summary_key = "audit.baseline"},
                               {.name = "--changed-since",
                                .kind = OptionKind::Value,
                                .value = "REV",
                                .summary_key = "audit.changed_since"},
                               {.name = "--no-ignore", .summary_key = "audit.no_ignore"},
                               {.name = "--fix", .summary_key = "audit.fix"},
                               {.name = "--yes", .summary_key = "audit.yes"}};
constexpr Positional kPositionals[] = {
    {.name = "PATH", .summary_key = "audit.path", .required = false, .repeated = true}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic audit", .summary_key = "audit.example_all"},
    {.command = "tlsmedic audit --changed-since main --format github",
     .summary_key = "audit.example_changed"},
    {.command = "tlsmedic audit src --format sarif > audit.sarif",
     .summary_key = "audit.example_sarif"},
    {.command = "tlsmedic audit --baseline audit.json", .summary_key = "audit.example_baseline"},
    {.command = "tlsmedic audit src --fix", .summary_key = "audit.example_fix"}};

Result<audit::AuditRequest> request_of(const Args& args, const Io& io) {
  audit::AuditRequest request{
      .ignored = args.flag("--no-ignore") ? audit::Ignored::Included : audit::Ignored::LeftOut,
      .only = std::nullopt,
      .today = io.clock->now(),
      .threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U),
      .stop = io.stop};
  for (const std::string& path : args.positionals("PATH")) {
    request.paths.emplace_back(path);
  }
  if (args.has("--changed-since")) {
    MEDIC_TRY(request.only, changed_since(args.value("--changed-since"),
                                          request.paths.empty() ? "." : request.paths.front()));
  }
  return request;
}

Result<ExitCode> fix(const audit::AuditReport& found, const std::string& format, const Args& args,
                     Io& io) {
  if (format != "text") {
    return fail(ErrorKind::Usage, "--fix shows what it changes as text", {},
                "tlsmedic audit --fix, then tlsmedic audit --format " + format);
  }
  MEDIC_TRY(const std::size_t fixed, apply_fixes(found, args, io));
  return fixed == found.findings.size() ? ExitCode::Healthy : ExitCode::Found;
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const audit::AuditRequest request, request_of(args, io));
  std::set<std::string, std::less<>> known;
  if (args.has("--baseline")) {
    MEDIC_TRY(known, read_baseline(args.value("--baseline")));
  }
  io.progress->step(io.message("audit.step"));
  MEDIC_TRY(audit::AuditReport found, audit::audit(request));
  io.progress->clear();
  report::AuditView view{.language = io.language,
                         .width = io.width,
                         .color = io.color ? Color::On : Color::Off,
                         .version = std::string(program_version())};
  const auto least = audit::parse_severity(args.value("--severity", "low"));
  keep_new(found, least.value_or(audit::Severity::Low), known, view);
  const std::string format = args.value("--format", io.json ? "json" : "text");
  if (args.flag("--fix")) {
    return fix(found, format, args, io);
  }
  if (!io.quiet || format != "text" || !found.findings.empty()) {
    io.out << report::find_audit_format(format)->write(found, view);
  }
  return found.findings.empty() ? ExitCode::Healthy : ExitCode::Found;
}

}  // namespace

extern constinit const Command command_audit{.name = "audit",
                                             .summary_key = "audit.summary",
                                             .options = kOptions,
                                             .positionals = kPositionals,
                                             .examples = kExamples,
                                             .run = run};

}  // namespace medic::cli
