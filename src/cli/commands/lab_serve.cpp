#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/files.h"
#include "base/json.h"
#include "base/terminal.h"
#include "cli/command.h"
#include "lab/lab.h"
#include "lab/site_files.h"

namespace medic::cli {
namespace {

constexpr Positional kPositionals[] = {
    {.name = "FAULT", .summary_key = "lab.serve_fault", .required = false, .repeated = true}};
constexpr Option kOptions[] = {{.name = "--for",
                                .kind = OptionKind::Value,
                                .value = "SECONDS",
                                .summary_key = "lab.serve_for"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic lab serve", .summary_key = "lab.example_serve"},
    {.command = "tlsmedic lab serve expired-leaf --for 60 --json",
     .summary_key = "lab.example_serve_one"}};

struct Served {
  const lab::Site* site = nullptr;
  lab::SiteFiles files;
};

std::string summary(const lab::Site& site, const Io& io) {
  return io.message(site.twin ? "lab.twin" : lab::find_fault(site.fault)->summary_key);
}

// How a client reaches it: the URL, and what else must be told to the client.
std::string way(const lab::Site& site) {
  std::string text = site.url();
  if (!site.starttls.empty()) {
    text = fmt::format("{}://{}:{} (STARTTLS)", site.starttls, site.host, site.port);
  }
  return site.proxy_url.empty() ? text : fmt::format("{} via {}", text, site.proxy_url);
}

void print_json(const lab::Lab& lab, const std::vector<Served>& all, Io& io) {
  nlohmann::ordered_json sites = nlohmann::ordered_json::array();
  for (const Served& served : all) {
    const lab::Site& site = *served.site;
    sites.push_back({{"id", site.id},
                     {"fault", site.fault},
                     {"cause", site.cause},
                     {"twin", site.twin},
                     {"expectation", lab::expectation_id(site.expectation)},
                     {"slow", site.slow},
                     {"summary", summary(site, io)},
                     {"url", site.url()},
                     {"host", site.host},
                     {"port", site.port},
                     {"addresses", site.addresses},
                     {"resolve", lab::curl_resolve(site)},
                     {"starttls", site.starttls},
                     {"proxy", site.proxy_url},
                     {"ca_file", served.files.ca},
                     {"system_ca_file", served.files.system},
                     {"client_certificate_file", served.files.client}});
  }
  const nlohmann::ordered_json answer = {
      {"schema", "tlsmedic.lab-serve/1"}, {"proxy", lab.proxy_url()}, {"sites", sites}};
  io.out << json_text(answer) << '\n';
}

void print_text(const lab::Lab& lab, const std::vector<Served>& all, Io& io) {
  std::size_t id_width = 0;
  std::size_t way_width = 0;
  for (const Served& served : all) {
    id_width = std::max(id_width, served.site->id.size());
    way_width = std::max(way_width, way(*served.site).size());
  }
  const Color color = io.color ? Color::On : Color::Off;
  for (const Served& served : all) {
    const Paint paint = served.site->twin ? Paint::Green : Paint::Red;
    io.out << fmt::format("{}  {}  {}\n", painted(padded(served.site->id, id_width), paint, color),
                          padded(way(*served.site), way_width), served.files.ca);
  }
  if (io.quiet || all.empty()) {
    return;
  }
  const Served& first = all.front();
  io.out << '\n'
         << io.message("lab.serve_hint_resolve",
                       {{"command", fmt::format("curl --resolve {} --cacert {} {}",
                                                lab::curl_resolve(*first.site), first.files.ca,
                                                first.site->url())}})
         << '\n'
         << io.message("lab.serve_hint_proxy", {{"proxy", lab.proxy_url()}}) << '\n'
         << io.message("lab.serve_hint_stop") << '\n';
}

Result<std::optional<std::chrono::seconds>> duration(const Args& args) {
  if (!args.has("--for")) {
    return std::nullopt;
  }
  const std::string text = args.value("--for");
  std::uint32_t seconds = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
    return fail(ErrorKind::Usage,
                fmt::format("--for needs a number of seconds, not '{}'", escaped(text, 32)));
  }
  return std::chrono::seconds(seconds);
}

void wait(const std::optional<std::chrono::seconds>& limit, const Io& io) {
  const auto start = std::chrono::steady_clock::now();
  while (!io.stopped() && (!limit || std::chrono::steady_clock::now() - start < *limit)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const std::optional<std::chrono::seconds> limit, duration(args));
  MEDIC_TRY(const auto lab, lab::start_lab(args.positionals("FAULT"), io.clock->now()));
  MEDIC_TRY(const TemporaryDirectory directory, TemporaryDirectory::make());
  std::vector<Served> all;
  for (const lab::Site& site : lab->sites()) {
    MEDIC_TRY(lab::SiteFiles files, lab::write_site_files(site, directory.path()));
    all.push_back({.site = &site, .files = std::move(files)});
  }
  if (io.json) {
    print_json(*lab, all, io);
  } else {
    print_text(*lab, all, io);
  }
  io.out.flush();
  wait(limit, io);
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_lab_serve{.name = "lab serve",
                                                 .summary_key = "lab.serve_summary",
                                                 .options = kOptions,
                                                 .positionals = kPositionals,
                                                 .examples = kExamples,
                                                 .run = run};

}  // namespace medic::cli
