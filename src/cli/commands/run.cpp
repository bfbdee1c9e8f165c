#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/passthrough.h"
#include "cli/command.h"
#include "cli/error_text.h"
#include "cli/explain_answer.h"
#include "cli/explain_live.h"
#include "cli/lent_trust.h"
#include "cli/trust_request.h"
#include "explain/explain.h"
#include "explain/matcher.h"
#include "explain/scanner.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {{.name = "--offline", .summary_key = "run.offline"},
                               {.name = "--with-trust", .summary_key = "run.with_trust"},
                               kAddOption,
                               kSha256Option,
                               {.name = "--fix", .summary_key = "run.fix"}};
constexpr Positional kPositionals[] = {
    {.name = "COMMAND", .summary_key = "run.command", .repeated = true}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic run -- pip install requests", .summary_key = "run.example"},
    {.command = "tlsmedic run --offline -- git fetch", .summary_key = "run.example_offline"},
    {.command = "tlsmedic run --with-trust -- npm ci", .summary_key = "run.example_trust"}};

// Shells end so when a command is not there.
constexpr int kNotFound = 127;

// What the failure was and what to do, on standard error: standard output belongs to the command.
void report(const explain::Explanation& explanation, const Args& args, Io& io) {
  LiveDiagnosis live;
  if (!args.flag("--offline")) {
    auto diagnosed = diagnose_first(explanation, io, args.positionals("COMMAND").front());
    if (diagnosed) {
      live = *std::move(diagnosed);
    } else {
      io.err << error_text(diagnosed.error(), io.language);
    }
  }
  if (io.json) {
    io.err << explanation_json(explanation, io, live.json);
    return;
  }
  io.err << '\n' << explanation_text(explanation, io) << live.text;
  if (args.flag("--fix")) {
    io.err << '\n' << io.message("run.no_fix_yet") << '\n';
  }
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const explain::Matcher matcher, explain::Matcher::builtin());
  explain::Scanner scanner(matcher);
  Result<void> scanned;
  LentTrust lent;
  if (args.flag("--with-trust")) {
    MEDIC_TRY(lent, lend_trust(args, io));
  } else if (args.has("--add")) {
    return fail(ErrorKind::Usage, "--add needs --with-trust", "without it nothing is added",
                "tlsmedic run --with-trust --add FILE --sha256 FINGERPRINT -- COMMAND");
  }
  Environment environment = io.environment;
  for (const auto& [name, value] : lent.variables) {
    environment.insert_or_assign(name, value);
  }
  const auto ran =
      run_in_our_place(args.positionals("COMMAND"), environment, [&](std::string_view bytes) {
        if (scanned) {
          scanned = scanner.feed(bytes);
        }
      });
  if (!ran) {
    io.err << error_text(ran.error(), io.language);
    return static_cast<ExitCode>(kNotFound);
  }
  const auto code = static_cast<ExitCode>(ran->exit_status);
  if (ran->exit_status == 0) {
    return code;  // what it complained of on the way did not stop it
  }
  // The command's status stands, whatever becomes of the explanation.
  const auto explanation = scanned ? scanner.finish() : std::unexpected(scanned.error());
  if (!explanation) {
    io.err << error_text(explanation.error(), io.language);
  } else if (explanation->found() && !io.quiet) {
    report(*explanation, args, io);
  }
  return code;
}

}  // namespace

extern constinit const Command command_run{.name = "run",
                                           .summary_key = "run.summary",
                                           .options = kOptions,
                                           .positionals = kPositionals,
                                           .examples = kExamples,
                                           .run = run};

}  // namespace medic::cli
