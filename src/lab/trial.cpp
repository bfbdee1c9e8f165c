#include "lab/trial.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <thread>
#include <utility>

#include "base/subprocess.h"
#include "lab/site_files.h"

namespace medic::lab {
namespace {

constexpr std::size_t kKeptOutput = 400;

using Placeholders = std::vector<std::pair<std::string_view, std::string>>;

std::string replaced(std::string word, const Placeholders& values) {
  for (const auto& [name, value] : values) {
    std::size_t at = 0;
    while ((at = word.find(name, at)) != std::string::npos) {
      word.replace(at, name.size(), value);
      at += value.size();
    }
  }
  return word;
}

bool mentions(const std::vector<std::string>& command, std::string_view placeholder) {
  return std::any_of(command.begin(), command.end(), [&](const std::string& word) {
    return word.find(placeholder) != std::string::npos;
  });
}

std::string proxy_of(const Site& site, const Lab& lab, ProxyUse use) {
  if (!site.proxy_url.empty()) {
    return site.proxy_url;
  }
  return use == ProxyUse::Always ? lab.proxy_url() : std::string();
}

// The user's own proxy must not stand between the client and the lab.
Environment environment_for(const Environment& base, const std::string& proxy) {
  constexpr std::array<std::string_view, 8> kProxyVariables = {
      "https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY",
      "all_proxy",   "ALL_PROXY",   "no_proxy",   "NO_PROXY"};
  Environment environment = base;
  for (const std::string_view name : kProxyVariables) {
    environment.erase(std::string(name));
  }
  if (!proxy.empty()) {
    environment["https_proxy"] = proxy;
    environment["HTTPS_PROXY"] = proxy;
  }
  return environment;
}

std::string untestable(const Site& site, const TrialPlan& plan) {
  if (!site.starttls.empty()) {
    return "lab.untested_starttls";
  }
  if (site.twin && !site.client_pem.empty()) {
    return "lab.untested_client_certificate";
  }
  const bool by_proxy = plan.proxy == ProxyUse::Always || mentions(plan.command, "{proxy}");
  if (site.proxy_url.empty() && by_proxy && site.addresses.size() > 1) {
    return "lab.untested_addresses";
  }
  return {};
}

// The port at the end of "http://127.0.0.1:port"; 0: none.
std::uint16_t port_of(const std::string& url) {
  std::uint16_t port = 0;
  const std::size_t colon = url.rfind(':');
  if (colon != std::string::npos) {
    std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
  }
  return port;
}

TrialVerdict judged(const Site& site, bool accepted) {
  switch (site.expectation) {
    case Expectation::MustRefuse:
      return accepted ? TrialVerdict::WronglyAccepts : TrialVerdict::Right;
    case Expectation::ShouldAccept:
      return accepted ? TrialVerdict::Right : TrialVerdict::WronglyRefuses;
    case Expectation::Depends:
      return TrialVerdict::Depends;
  }
  return TrialVerdict::Untested;
}

// Whether the proxy took a connection. A client may connect and be gone before the lab's thread has
// taken it, so a moment is allowed for that.
bool was_used(const Lab& lab, std::uint16_t port, std::size_t before) {
  constexpr int kLooks = 50;
  for (int i = 0; i < kLooks && lab.connections(port) == before; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return lab.connections(port) != before;
}

Result<Trial> run_trial(const Site& site, const Lab& lab, const TrialPlan& plan) {
  MEDIC_TRY(const SiteFiles files, write_site_files(site, plan.directory));
  const std::string proxy = proxy_of(site, lab, plan.proxy);
  const Placeholders values = {{"{url}", site.url()},
                               {"{ca}", files.ca},
                               {"{host}", site.host},
                               {"{port}", std::to_string(site.port)},
                               {"{address}", site.address},
                               {"{resolve}", curl_resolve(site)},
                               {"{proxy}", proxy.empty() ? lab.proxy_url() : proxy}};
  ProcessRequest request;
  for (const std::string& word : plan.command) {
    request.argv.push_back(replaced(word, values));
  }
  request.environment = environment_for(plan.environment, proxy);
  request.deadline = plan.timeout;
  request.max_output_bytes = std::size_t{1} << 16U;
  request.cancelled = plan.cancelled;
  const std::uint16_t proxy_port = port_of(site.proxy_url);
  const std::size_t before = lab.connections(proxy_port);
  MEDIC_TRY(const ProcessOutcome outcome, run_process(request));
  if (proxy_port != 0 && !was_used(lab, proxy_port, before)) {
    // It went to the origin, which has no fault.
    return Trial{.site = &site, .reason = "lab.untested_proxy_ignored"};
  }
  Trial trial{.site = &site,
              .accepted = outcome.exit_status == 0 && !outcome.timed_out,
              .timed_out = outcome.timed_out,
              .exit_status = outcome.exit_status,
              .took = outcome.took,
              .reason = {},
              .output = outcome.err.empty() ? outcome.out : outcome.err};
  if (trial.output.size() > kKeptOutput) {
    trial.output.erase(0, trial.output.size() - kKeptOutput);
  }
  trial.verdict = judged(site, trial.accepted);
  return trial;
}

}  // namespace

std::string_view verdict_id(TrialVerdict verdict) {
  switch (verdict) {
    case TrialVerdict::Right:
      return "right";
    case TrialVerdict::WronglyAccepts:
      return "wrongly-accepts";
    case TrialVerdict::WronglyRefuses:
      return "wrongly-refuses";
    case TrialVerdict::Depends:
      return "depends";
    case TrialVerdict::Untested:
      return "untested";
  }
  return {};
}

Result<void> check_command(const TrialPlan& plan) {
  constexpr std::string_view kExample =
      "tlsmedic lab run -- curl -sS --resolve {resolve} --cacert {ca} {url}";
  if (!mentions(plan.command, "{url}") && !mentions(plan.command, "{port}")) {
    return fail(ErrorKind::Usage,
                "the command names no lab server: it holds neither {url} nor {port}",
                "the same command would run against every fault unchanged", std::string(kExample));
  }
  const bool finds_names = mentions(plan.command, "{resolve}") ||
                           mentions(plan.command, "{address}") ||
                           mentions(plan.command, "{proxy}") || plan.proxy == ProxyUse::Always;
  if (!finds_names) {
    return fail(
        ErrorKind::Usage,
        "the command cannot find the lab's names: it holds none of {resolve}, {address}, {proxy}",
        "names under lab.test are known to the lab only, so every server would look broken; "
        "--through-proxy serves clients that honour https_proxy",
        std::string(kExample));
  }
  return {};
}

Result<std::vector<Trial>> run_trials(const Lab& lab, const TrialPlan& plan) {
  auto usable = check_command(plan);
  if (!usable) {
    return std::unexpected(std::move(usable).error());
  }
  std::vector<Trial> trials;
  for (const Site& site : lab.sites()) {
    if (plan.cancelled && plan.cancelled()) {
      break;
    }
    if (plan.progress) {
      plan.progress(trials.size(), lab.sites().size());
    }
    const std::string reason = untestable(site, plan);
    if (!reason.empty()) {
      trials.push_back({.site = &site, .reason = reason});
      continue;
    }
    MEDIC_TRY(Trial trial, run_trial(site, lab, plan));
    trials.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace medic::lab
