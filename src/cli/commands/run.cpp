#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/passthrough.h"
#include "cli/command.h"
#include "cli/cure_apply.h"
#include "cli/cure_wish.h"
#include "cli/error_text.h"
#include "cli/explain_answer.h"
#include "cli/explain_live.h"
#include "cli/lent_trust.h"
#include "cli/trust_request.h"
#include "explain/client.h"
#include "explain/explain.h"
#include "explain/matcher.h"
#include "explain/scanner.h"
#include "target/target.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {{.name = "--offline", .summary_key = "run.offline"},
                               {.name = "--with-trust", .summary_key = "run.with_trust"},
                               kAddOption,
                               kSha256Option,
                               {.name = "--fix", .summary_key = "run.fix"},
                               {.name = "--yes", .summary_key = "fix.yes"}};
constexpr Positional kPositionals[] = {
    {.name = "COMMAND", .summary_key = "run.command", .repeated = true}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic run -- pip install requests", .summary_key = "run.example"},
    {.command = "tlsmedic run --offline -- git fetch", .summary_key = "run.example_offline"},
    {.command = "tlsmedic run --with-trust -- npm ci", .summary_key = "run.example_trust"}};

// Shells end so when a command is not there.
constexpr int kNotFound = 127;

// The server that the command's own words name: "curl: (60)" does not say whom it asked.
void name_asked_host(explain::Explanation& explanation, const std::vector<std::string>& words) {
  constexpr std::string_view kScheme = "https://";
  std::optional<target::Target> asked;
  for (const std::string& word : words) {
    const std::size_t at = word.find(kScheme);
    if (asked || at == std::string::npos) {
      continue;
    }
    if (auto parsed = target::parse_target(word.substr(at))) {
      asked = *std::move(parsed);
    }
  }
  for (explain::Failure& failure : explanation.failures) {
    if (asked && failure.host.empty()) {
      explain::name_host(failure, asked->host, std::to_string(asked->port));
    }
  }
}

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
}

// Everything that a cure says goes to standard error as well.
Io on_standard_error(const Io& io) {
  return {.out = io.err,
          .err = io.err,
          .language = io.language,
          .out_is_terminal = io.err_is_terminal,
          .err_is_terminal = io.err_is_terminal,
          .color = io.color,
          .width = io.width,
          .quiet = io.quiet,
          .json = false,
          .clock = io.clock,
          .environment = io.environment,
          .in = io.in,
          .progress = io.progress,
          .stop = io.stop};
}

// What the client that failed suffers from, and the root at which the server's chain ends.
Result<Wish> wish_for(const explain::Failure& failure, const Args& given, const Patient& patient,
                      Io& io) {
  Args args;
  for (const std::string_view name : {kAddOption.name, kSha256Option.name}) {
    if (given.has(name)) {
      args.options[std::string(name)] = given.values(name);
    }
  }
  if (const explain::Client* client = explain::find_client(failure.client)) {
    args.options["--client"] = {client->installed.empty() ? client->id : client->installed};
  }
  if (failure.host.empty() || given.flag("--offline")) {
    return wish_of(args, patient, io);
  }
  Args asked = args;
  asked.operands["TARGET"] = {failure.port.empty() ? failure.host
                                                   : failure.host + ":" + failure.port};
  auto wish = wish_of(asked, patient, io);
  return wish ? std::move(wish) : wish_of(args, patient, io);
}

// As a shell that logs in now has it.
Environment after(const Applied& applied, Environment environment) {
  constexpr std::string_view kUnset = "unset-variable ";
  for (const Done& one : applied.done) {
    if (one.ending != "applied") {
      continue;
    }
    for (const auto& [name, value] : one.prepared->plan.variables) {
      environment.insert_or_assign(name, value);
    }
    for (const std::string& ask : one.prepared->plan.asks) {
      if (ask.starts_with(kUnset)) {
        environment.erase(ask.substr(kUnset.size()));
      }
    }
  }
  return environment;
}

// The environment in which the command may be run again; none: nothing was cured.
Result<std::optional<Environment>> cure(const explain::Failure& failure, const Args& args,
                                        const Io& caller) {
  Io io = on_standard_error(caller);
  MEDIC_TRY(const Patient patient, patient_of({}, io));
  MEDIC_TRY(const Wish wish, wish_for(failure, args, patient, io));
  const std::vector<Prepared> prepared = prepare(patient, inventory_of(patient, io), wish, io);
  io.err << '\n' << plans_text(prepared, {}, io);
  if (std::ranges::none_of(prepared, appliable)) {
    return std::nullopt;
  }
  if (auto done = agreed(args.flag("--yes"), io); !done) {
    return std::unexpected(std::move(done).error());
  }
  MEDIC_TRY(const Applied applied, apply_all(patient, wish, Trials::Wanted, io));
  io.err << done_text(applied.done, io);
  const bool all =
      std::ranges::all_of(applied.done, [](const Done& one) { return one.ending == "applied"; });
  return all && !applied.done.empty() ? std::optional(after(applied, io.environment))
                                      : std::nullopt;
}

// The command once more when its trouble was cured; none: it was not.
std::optional<ExitCode> cured_and_run(const explain::Explanation& explanation, const Args& args,
                                      const Io& io) {
  const auto failure = std::ranges::find(explanation.failures, true, &explain::Failure::failure);
  if (failure == explanation.failures.end()) {
    return std::nullopt;
  }
  const auto cured = cure(*failure, args, io);
  if (!cured) {
    io.err << error_text(cured.error(), io.language);
    return std::nullopt;
  }
  const std::optional<Environment>& environment = *cured;
  if (!environment.has_value()) {
    return std::nullopt;
  }
  io.err << io.message("run.again") << '\n';
  const auto ran = run_in_our_place(args.positionals("COMMAND"), *environment, [](auto) {});
  return ran ? std::optional(static_cast<ExitCode>(ran->exit_status)) : std::nullopt;
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const explain::Matcher matcher, explain::Matcher::builtin());
  explain::Scanner scanner(matcher);
  Result<void> scanned;
  LentTrust lent;
  if (args.flag("--with-trust")) {
    MEDIC_TRY(lent, lend_trust(args, io));
  } else if (args.has("--add") && !args.flag("--fix")) {
    return fail(ErrorKind::Usage, "--add needs --with-trust or --fix",
                "without them nothing is added",
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
  auto explanation = scanned ? scanner.finish() : std::unexpected(scanned.error());
  if (!explanation) {
    io.err << error_text(explanation.error(), io.language);
  } else if (explanation->found() && !io.quiet) {
    name_asked_host(*explanation, args.positionals("COMMAND"));
    report(*explanation, args, io);
    if (args.flag("--fix")) {
      return cured_and_run(*explanation, args, io).value_or(code);
    }
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
