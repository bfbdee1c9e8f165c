#include "scan/scan.h"

#include <fmt/core.h>

#include <charconv>
#include <fstream>
#include <thread>

#include "cli/command.h"
#include "cli/diagnosis_run.h"
#include "cli/program.h"
#include "cli/scan_output.h"
#include "probe/network.h"
#include "probe/resolver.h"
#include "target/ip_address.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--targets",
     .kind = OptionKind::Repeated,
     .value = "FILE|-",
     .summary_key = "scan.targets"},
    {.name = "--port", .kind = OptionKind::Value, .value = "PORT", .summary_key = "scan.port"},
    {.name = "--exclude",
     .kind = OptionKind::Repeated,
     .value = "HOST|NETWORK",
     .summary_key = "scan.exclude"},
    {.name = "--depth",
     .kind = OptionKind::Value,
     .value = "cert|auth|full",
     .summary_key = "scan.depth",
     .one_of = "cert|auth|full"},
    {.name = "--diagnose",
     .kind = OptionKind::Value,
     .value = "failing|all|none",
     .summary_key = "scan.diagnose",
     .one_of = "failing|all|none"},
    {.name = "--profile",
     .kind = OptionKind::Value,
     .value = "PROFILE",
     .summary_key = "scan.profile"},
    {.name = "--profiles",
     .kind = OptionKind::Value,
     .value = "PROFILES",
     .summary_key = "scan.profiles"},
    {.name = "--roots",
     .kind = OptionKind::Value,
     .value = "FILE|system|mozilla",
     .summary_key = "scan.roots"},
    {.name = "--addresses",
     .kind = OptionKind::Value,
     .value = "first|all",
     .summary_key = "scan.addresses",
     .one_of = "first|all"},
    {.name = "--address-family",
     .kind = OptionKind::Value,
     .value = "any|4|6",
     .summary_key = "scan.address_family",
     .one_of = "any|4|6"},
    {.name = "--sni", .kind = OptionKind::Value, .value = "NAME|none", .summary_key = "scan.sni"},
    {.name = "--starttls",
     .kind = OptionKind::Value,
     .value = "PROTOCOL|auto|none",
     .summary_key = "scan.starttls"},
    {.name = "--proxy", .kind = OptionKind::Value, .value = "URL", .summary_key = "scan.proxy"},
    {.name = "--rate", .kind = OptionKind::Value, .value = "N", .summary_key = "scan.rate"},
    {.name = "--max-in-flight",
     .kind = OptionKind::Value,
     .value = "N",
     .summary_key = "scan.max_in_flight"},
    {.name = "--per-host", .kind = OptionKind::Value, .value = "N", .summary_key = "scan.per_host"},
    {.name = "--per-net", .kind = OptionKind::Value, .value = "N", .summary_key = "scan.per_net"},
    {.name = "--timeout",
     .kind = OptionKind::Value,
     .value = "SECONDS",
     .summary_key = "scan.timeout"},
    {.name = "--connect-timeout",
     .kind = OptionKind::Value,
     .value = "SECONDS",
     .summary_key = "scan.connect_timeout"},
    {.name = "--retries", .kind = OptionKind::Value, .value = "N", .summary_key = "scan.retries"},
    {.name = "--loops", .kind = OptionKind::Value, .value = "N", .summary_key = "scan.loops"},
    {.name = "--out", .kind = OptionKind::Value, .value = "FILE", .summary_key = "scan.out"},
    {.name = "--format",
     .kind = OptionKind::Value,
     .value = "jsonl|csv",
     .summary_key = "scan.format",
     .one_of = "jsonl|csv"},
    {.name = "--resume", .summary_key = "scan.resume"},
};
constexpr Positional kPositionals[] = {
    {.name = "TARGET", .summary_key = "scan.target", .required = false, .repeated = true}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic scan example.org mail.example.org:465 192.0.2.0/28",
     .summary_key = "scan.example_words"},
    {.command = "tlsmedic scan --targets hosts.txt --out scan.jsonl",
     .summary_key = "scan.example_file"},
    {.command = "tlsmedic scan --targets hosts.txt --out scan.jsonl --resume",
     .summary_key = "scan.example_resume"},
    {.command = "tlsmedic scan www.example.org@192.0.2.7 --profiles all --json",
     .summary_key = "scan.example_json"},
};

constexpr std::uint32_t kMostInFlight = 100'000;
constexpr std::uint32_t kMostSeconds = 600;

Result<std::uint32_t> whole_number(const Args& args, std::string_view name, std::uint32_t fallback,
                                   std::uint32_t most) {
  if (!args.has(name)) {
    return fallback;
  }
  const std::string text = args.value(name);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > most) {
    return fail(ErrorKind::Usage, fmt::format("{} takes a whole number up to {}, not '{}'", name,
                                              most, escaped(text, 40)));
  }
  return value;
}

Result<std::chrono::milliseconds> seconds_option(const Args& args, std::string_view name,
                                                 std::uint32_t fallback) {
  MEDIC_TRY(const std::uint32_t seconds, whole_number(args, name, fallback, kMostSeconds));
  if (seconds == 0) {
    return fail(ErrorKind::Usage, fmt::format("{} takes at least one second", name));
  }
  return std::chrono::seconds(seconds);
}

Result<void> set_proxy(const Args& args, scan::ScanRules& rules) {
  if (!args.has("--proxy")) {
    return {};
  }
  MEDIC_TRY(const target::Proxy proxy, target::parse_proxy(args.value("--proxy")));
  const evidence::Resolution found = probe::system_lookup(proxy.host, evidence::AddressFamily::Any);
  if (found.addresses.empty()) {
    return fail(ErrorKind::Io, fmt::format("the proxy {} has no address", escaped(proxy.host)),
                "nothing can be scanned through it");
  }
  rules.loop.proxy = proxy;
  rules.loop.proxy_address = found.addresses.front();
  rules.clinic.proxy = proxy;
  return {};
}

Result<void> set_pace(const Args& args, scan::ScanRules& rules) {
  MEDIC_TRY(const std::uint32_t rate, whole_number(args, "--rate", 1000, 10'000'000));
  MEDIC_TRY(rules.pace.per_host, whole_number(args, "--per-host", 2, kMostInFlight));
  MEDIC_TRY(rules.pace.per_net, whole_number(args, "--per-net", 64, kMostInFlight));
  MEDIC_TRY(const std::uint32_t in_flight,
            whole_number(args, "--max-in-flight", 1000, kMostInFlight));
  const std::uint32_t cores = std::max(1U, std::thread::hardware_concurrency());
  MEDIC_TRY(const std::uint32_t loops, whole_number(args, "--loops", cores, 256));
  rules.pace.rate = rate;
  rules.loop.max_in_flight = in_flight;
  rules.loops = loops;
  return {};
}

Result<void> set_stores(const Args& args, scan::ScanRules& rules) {
  MEDIC_TRY(rules.judge.profiles, profiles::select_profiles(args.value("--profile", "openssl")));
  rules.judge.profiles.resize(1);
  if (args.has("--profiles")) {
    MEDIC_TRY(const auto more, profiles::select_profiles(args.value("--profiles")));
    rules.judge.profiles.insert(rules.judge.profiles.end(), more.begin(), more.end());
  }
  MEDIC_TRY(rules.clinic.stores, open_stores(args.value("--roots"), ""));
  rules.judge.stores = rules.clinic.stores.by_id;
  rules.judge.for_all = rules.clinic.stores.for_all;
  rules.clinic.roots = args.value("--roots");
  rules.clinic.profiles = rules.judge.profiles.front()->id;
  return {};
}

Result<scan::ScanRules> scan_rules(const Args& args, const Io& io) {
  scan::ScanRules rules;
  rules.clock = io.clock;
  rules.stop = io.stop;
  rules.clinic.stop = io.stop;
  rules.clinic.program = program_version();
  MEDIC_TRY(rules.loop.handshake, seconds_option(args, "--timeout", 10));
  MEDIC_TRY(rules.loop.connect, seconds_option(args, "--connect-timeout", 5));
  MEDIC_TRY(rules.loop.retries, whole_number(args, "--retries", 1, 10));
  rules.clinic.deadline_ms = static_cast<std::uint32_t>(rules.loop.handshake.count());
  const std::string depth = args.value("--depth", "auth");
  rules.loop.depth = depth == "cert"   ? scan::Depth::Certificate
                     : depth == "full" ? scan::Depth::Full
                                       : scan::Depth::Authenticated;
  rules.loop.addresses =
      args.value("--addresses") == "all" ? scan::Addresses::All : scan::Addresses::First;
  const std::string family = args.value("--address-family", "any");
  rules.loop.family = family == "4"   ? evidence::AddressFamily::Ipv4
                      : family == "6" ? evidence::AddressFamily::Ipv6
                                      : evidence::AddressFamily::Any;
  const std::string diagnose = args.value("--diagnose", "failing");
  rules.diagnose = diagnose == "all"    ? scan::Diagnose::All
                   : diagnose == "none" ? scan::Diagnose::None
                                        : scan::Diagnose::Failing;
  if (args.has("--sni")) {
    rules.loop.sni = args.value("--sni") == "none" ? "" : args.value("--sni");
    rules.clinic.sni = rules.loop.sni;
  }
  if (auto done = set_pace(args, rules); !done) {
    return std::unexpected(std::move(done.error()));
  }
  if (auto done = set_stores(args, rules); !done) {
    return std::unexpected(std::move(done.error()));
  }
  if (auto done = set_proxy(args, rules); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return rules;
}

Result<target::PlaceRules> place_rules(const Args& args) {
  target::PlaceRules rules;
  if (args.has("--port")) {
    MEDIC_TRY(rules.port, target::parse_port(args.value("--port")));
  }
  rules.starttls = args.value("--starttls") == "none" ? "" : args.value("--starttls");
  if (!rules.starttls.empty() && rules.starttls != "auto" &&
      !probe::knows_starttls(rules.starttls)) {
    return fail(ErrorKind::Usage,
                fmt::format("unknown STARTTLS protocol '{}'", escaped(rules.starttls, 40)), {},
                "tlsmedic scan --help");
  }
  return rules;
}

struct OpenSources {
  std::vector<std::unique_ptr<std::ifstream>> files;
  std::vector<scan::Source> sources;
};

Result<std::unique_ptr<OpenSources>> open_sources(const Args& args, const Io& io) {
  auto opened = std::make_unique<OpenSources>();
  for (const std::string& word : args.positionals("TARGET")) {
    opened->sources.push_back({.line = word});
  }
  for (const std::string& path : args.values("--targets")) {
    if (path == "-") {
      opened->sources.push_back({.name = "-", .stream = io.in});
      continue;
    }
    opened->files.push_back(std::make_unique<std::ifstream>(path));
    if (!*opened->files.back()) {
      return fail(ErrorKind::Io, fmt::format("{} cannot be read", escaped(path)),
                  "its targets would be missing");
    }
    opened->sources.push_back({.name = escaped(path), .stream = opened->files.back().get()});
  }
  if (opened->sources.empty()) {
    return fail(ErrorKind::Usage, "there is nothing to scan",
                "targets are given as words, or with --targets as files or '-'",
                "tlsmedic scan example.org");
  }
  return opened;
}

// Said before the first packet: what will be contacted, and how hard.
void announce(const scan::ScanRules& rules, const OpenSources& opened, const Io& io) {
  if (io.quiet) {
    return;
  }
  const auto limit = [&](double value) {
    return value > 0 ? fmt::format("{:.0f}", value) : io.message("scan.no_limit");
  };
  std::string names;
  for (const scan::Source& source : opened.sources) {
    if (names.size() < 120) {
      names += (names.empty() ? "" : ", ") + (source.stream == nullptr ? escaped(source.line, 60)
                                              : source.name == "-"     ? io.message("scan.stdin")
                                                                       : source.name);
    } else if (!names.ends_with("…")) {
      names += ", …";
    }
  }
  io.err << io.message("scan.announce", {{"targets", names},
                                         {"in_flight", fmt::format("{}", rules.loop.max_in_flight)},
                                         {"rate", limit(rules.pace.rate)},
                                         {"per_host", limit(rules.pace.per_host)},
                                         {"per_net", limit(rules.pace.per_net)}})
         << '\n';
  if (rules.diagnose != scan::Diagnose::None) {
    io.err << io.message("scan.announce_diagnose") << '\n';
  }
}

ExitCode exit_code(const scan::Tally& tally, const scan::ScanEnd& end) {
  if (end.stopped || (tally.findings == 0 && tally.fail == 0)) {
    return ExitCode::CouldNotLook;
  }
  return tally.fail + tally.unreachable > 0 ? ExitCode::Found : ExitCode::Healthy;
}

Result<target::Exclusions> exclusions_of(const Args& args) {
  target::Exclusions exclusions;
  for (const std::string& text : args.values("--exclude")) {
    if (auto added = exclusions.add(text); !added) {
      return std::unexpected(std::move(added.error()));
    }
  }
  return exclusions;
}

Result<std::unique_ptr<ScanOutput>> open_output(const Args& args, Io& io) {
  if (args.flag("--resume") && !args.has("--out")) {
    return fail(ErrorKind::Usage, "--resume needs --out", "it continues that file",
                "tlsmedic scan --targets hosts.txt --out scan.jsonl --resume");
  }
  const bool records = io.json || args.has("--out") || args.has("--format");
  const ScanFormat format = args.value("--format") == "csv" ? ScanFormat::Csv
                            : records                       ? ScanFormat::JsonLines
                                                            : ScanFormat::Text;
  return ScanOutput::open(args.value("--out"), format, args.flag("--resume"), io);
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const target::PlaceRules places, place_rules(args));
  MEDIC_TRY(scan::ScanRules rules, scan_rules(args, io));
  MEDIC_TRY(target::Exclusions exclusions, exclusions_of(args));
  MEDIC_TRY(const std::unique_ptr<OpenSources> opened, open_sources(args, io));
  MEDIC_TRY(const std::unique_ptr<ScanOutput> output, open_output(args, io));
  scan::Input input(places, std::move(exclusions));
  for (const std::string& place : output->take_recorded()) {
    input.done().insert(place);
  }
  announce(rules, *opened, io);

  const auto started = std::chrono::steady_clock::now();
  const auto since = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 started);
  };
  MEDIC_TRY(const scan::ScanEnd end,
            scan::scan(
                std::move(rules), input, opened->sources,
                [&](const scan::Finding& finding) { output->take(finding); },
                [&](const scan::Counters& counters) {
                  io.progress->step(
                      scan_progress(counters, static_cast<double>(since().count()) / 1000, io));
                }));
  io.progress->clear();
  if (!output->is_whole()) {
    return fail(ErrorKind::Io,
                fmt::format("{} could not be written to the end",
                            output->path().empty() ? "standard output" : escaped(output->path())),
                "the last records are missing", "make room, then run it again with --resume");
  }
  const std::string summary = scan_summary(output->tally(), input.counts(), end, since(), io);
  (output->leaves_stdout_free() ? io.out : io.err) << summary;
  if (end.stopped) {
    io.err << io.message("scan.stopped", {{"count", fmt::format("{}", end.abandoned)}}) << '\n';
  }
  return exit_code(output->tally(), end);
}

}  // namespace

extern constinit const Command command_scan{.name = "scan",
                                            .summary_key = "scan.summary",
                                            .options = kOptions,
                                            .positionals = kPositionals,
                                            .examples = kExamples,
                                            .run = run};

}  // namespace medic::cli
