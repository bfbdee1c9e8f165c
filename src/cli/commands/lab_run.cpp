#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/files.h"
#include "base/json.h"
#include "base/terminal.h"
#include "cli/command.h"
#include "lab/lab.h"
#include "lab/trial.h"

namespace medic::cli {
namespace {

using lab::Trial;
using lab::TrialVerdict;

constexpr Positional kPositionals[] = {
    {.name = "COMMAND", .summary_key = "lab.run_command", .required = true, .repeated = true}};
constexpr Option kOptions[] = {{.name = "--fault",
                                .kind = OptionKind::Repeated,
                                .value = "FAULT",
                                .summary_key = "lab.run_fault"},
                               {.name = "--timeout",
                                .kind = OptionKind::Value,
                                .value = "SECONDS",
                                .summary_key = "lab.run_timeout"},
                               {.name = "--through-proxy", .summary_key = "lab.run_through_proxy"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic lab run -- curl -sS --resolve {resolve} --cacert {ca} {url}",
     .summary_key = "lab.example_run_curl"},
    {.command = "tlsmedic lab run --through-proxy -- wget -qO- --ca-certificate={ca} {url}",
     .summary_key = "lab.example_run_proxy"},
    {.command = "tlsmedic lab run -- openssl s_client -brief -verify_return_error -verify_hostname "
                "{host} -servername {host} -CAfile {ca} -connect {address}:{port}",
     .summary_key = "lab.example_run_address"}};

Result<std::chrono::milliseconds> timeout(const Args& args) {
  const std::string text = args.value("--timeout", "5");
  std::uint32_t seconds = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr std::uint32_t kMost = 600;
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() || seconds == 0 ||
      seconds > kMost) {
    return fail(ErrorKind::Usage,
                fmt::format("--timeout needs 1 to {} seconds, not '{}'", kMost, escaped(text, 32)));
  }
  return std::chrono::seconds(seconds);
}

std::size_t count(const std::vector<Trial>& trials, TrialVerdict verdict) {
  return static_cast<std::size_t>(std::count_if(
      trials.begin(), trials.end(), [&](const Trial& t) { return t.verdict == verdict; }));
}

std::string summary(const lab::Site& site, const Io& io) {
  return io.message(site.twin ? "lab.twin" : lab::find_fault(site.fault)->summary_key);
}

// The client's last words on one line: what it said is the best hint why.
std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.pop_back();
  }
  return escaped(text.substr(text.rfind('\n') + 1), 160);
}

void print_wrong(const std::vector<Trial>& trials, TrialVerdict verdict, std::string_view key,
                 Io& io) {
  if (count(trials, verdict) == 0) {
    return;
  }
  const Color color = io.color ? Color::On : Color::Off;
  io.out << painted(io.message(key), Paint::Bold, color) << '\n';
  for (const Trial& trial : trials) {
    if (trial.verdict != verdict) {
      continue;
    }
    io.out << fmt::format("  {}  {}\n", painted(trial.site->id, Paint::Red, color),
                          summary(*trial.site, io));
    const std::string words =
        trial.timed_out ? io.message("lab.run_timed_out") : last_line(trial.output);
    if (verdict == TrialVerdict::WronglyRefuses && !words.empty()) {
      io.out << fmt::format("    {}\n", words);
    }
  }
  io.out << '\n';
}

void print_text(const std::vector<Trial>& trials, Io& io) {
  print_wrong(trials, TrialVerdict::WronglyAccepts, "lab.run_wrongly_accepts", io);
  print_wrong(trials, TrialVerdict::WronglyRefuses, "lab.run_wrongly_refuses", io);
  std::string accepted;
  std::string refused;
  for (const Trial& trial : trials) {
    if (trial.verdict == TrialVerdict::Depends) {
      std::string& list = trial.accepted ? accepted : refused;
      list += (list.empty() ? "" : ", ") + trial.site->id;
    }
  }
  const auto width = static_cast<std::size_t>(std::clamp(io.width, 60, 120));
  for (const auto& [key, list] : {std::pair{"lab.run_depends_accepted", accepted},
                                  std::pair{"lab.run_depends_refused", refused}}) {
    if (!list.empty() && !io.quiet) {
      io.out << io.message(key) << "\n  " << wrapped(list, width - 2, 2) << "\n\n";
    }
  }
  const auto number = [&](TrialVerdict verdict) { return std::to_string(count(trials, verdict)); };
  io.out << io.message("lab.run_totals", {{"sites", std::to_string(trials.size())},
                                          {"right", number(TrialVerdict::Right)},
                                          {"accepts", number(TrialVerdict::WronglyAccepts)},
                                          {"refuses", number(TrialVerdict::WronglyRefuses)},
                                          {"depends", number(TrialVerdict::Depends)},
                                          {"untested", number(TrialVerdict::Untested)}})
         << '\n';
}

nlohmann::ordered_json row(const Trial& trial, const Io& io) {
  nlohmann::ordered_json row = {{"site", trial.site->id},
                                {"fault", trial.site->fault},
                                {"twin", trial.site->twin},
                                {"expectation", lab::expectation_id(trial.site->expectation)},
                                {"verdict", lab::verdict_id(trial.verdict)}};
  if (trial.verdict == TrialVerdict::Untested) {
    row["reason"] = io.message(trial.reason);
    return row;
  }
  row["accepted"] = trial.accepted;
  row["exit_status"] = trial.exit_status;
  row["timed_out"] = trial.timed_out;
  row["took_ms"] = trial.took.count();
  row["output"] = escaped(trial.output, 400);
  return row;
}

void print_json(const std::vector<Trial>& trials, bool complete, Io& io) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Trial& trial : trials) {
    rows.push_back(row(trial, io));
  }
  const nlohmann::ordered_json answer = {
      {"schema", "tlsmedic.lab-run/1"},
      {"complete", complete},
      {"wrongly_accepts", count(trials, TrialVerdict::WronglyAccepts)},
      {"wrongly_refuses", count(trials, TrialVerdict::WronglyRefuses)},
      {"trials", rows}};
  io.out << json_text(answer) << '\n';
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const std::chrono::milliseconds limit, timeout(args));
  MEDIC_TRY(const TemporaryDirectory directory, TemporaryDirectory::make());
  lab::TrialPlan plan{.command = args.positionals("COMMAND"),
                      .proxy = args.flag("--through-proxy") ? lab::ProxyUse::Always
                                                            : lab::ProxyUse::OnlyForProxyFaults,
                      .timeout = limit,
                      .environment = io.environment,
                      .directory = directory.path(),
                      .cancelled = [&io] { return io.stopped(); },
                      .progress = {}};
  if (io.progress != nullptr) {
    plan.progress = [&io](std::size_t done, std::size_t all) {
      io.progress->step(io.message(
          "lab.run_progress", {{"done", std::to_string(done + 1)}, {"all", std::to_string(all)}}));
    };
  }
  auto usable = lab::check_command(plan);
  if (!usable) {
    return std::unexpected(std::move(usable).error());
  }
  MEDIC_TRY(const auto lab, lab::start_lab(args.values("--fault"), io.clock->now()));
  MEDIC_TRY(const std::vector<Trial> trials, lab::run_trials(*lab, plan));
  if (io.progress != nullptr) {
    io.progress->clear();
  }
  if (io.json) {
    print_json(trials, trials.size() == lab->sites().size(), io);
  } else {
    print_text(trials, io);
  }
  const bool wrong = count(trials, TrialVerdict::WronglyAccepts) > 0 ||
                     count(trials, TrialVerdict::WronglyRefuses) > 0;
  return wrong ? ExitCode::Found : ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_lab_run{.name = "lab run",
                                               .summary_key = "lab.run_summary",
                                               .options = kOptions,
                                               .positionals = kPositionals,
                                               .examples = kExamples,
                                               .run = run};

}  // namespace medic::cli
