#include "cli/diagnosis_request.h"

#include <fmt/core.h>

#include <charconv>
#include <utility>

#include "base/files.h"
#include "cli/client_identity.h"
#include "cli/program.h"
#include "target/ip_address.h"
#include "target/overrides.h"
#include "trust/anchors.h"
#include "x509/container.h"

namespace medic::cli {
namespace {

constexpr std::string_view kProxyId = "p0";
// diagnose/experiments/through_proxy.cpp looks for this id.
constexpr std::string_view kUnusedProxyId = "unused";
constexpr int kMaxSeconds = 600;
constexpr int kMaxConnectionsAtOnce = 64;

Result<int> number_option(const Args& args, std::string_view name, int fallback, int max) {
  if (!args.has(name)) {
    return fallback;
  }
  const std::string text = args.value(name);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > max) {
    return fail(ErrorKind::Usage, fmt::format("{} takes a whole number from 1 to {}, not '{}'",
                                              name, max, escaped(text, 40)));
  }
  return value;
}

Result<void> add_starttls(const Args& args, evidence::Case& facts) {
  const std::string asked = args.value("--starttls");
  if (asked.empty()) {
    return {};
  }
  if (asked == "none") {
    facts.target.starttls.clear();
  } else if (asked == "auto") {
    facts.target.starttls = target::starttls_of_port(facts.target.port);
  } else {
    if (!probe::knows_starttls(asked)) {
      return fail(ErrorKind::Usage,
                  fmt::format("unknown STARTTLS protocol '{}'", escaped(asked, 40)), {},
                  "tlsmedic diagnose --help");
    }
    facts.target.starttls = asked;
  }
  facts.target.http = facts.target.http && facts.target.starttls.empty();
  return {};
}

// The environment's proxy for a target that is asked without it: some networks let nothing else
// out.
void add_unused_proxy(const Io& io, const target::Target& target, std::string_view why,
                      DiagnosisRequest& request) {
  Environment environment = io.environment;
  environment.erase("no_proxy");
  environment.erase("NO_PROXY");
  const auto choice = target::proxy_from_environment(target, environment);
  if (!choice || !choice->proxy) {
    return;
  }
  const std::string id(kUnusedProxyId);
  request.facts.proxies.push_back({.id = id,
                                   .url = choice->proxy->text(),
                                   .source = fmt::format("{}, {}", choice->variable, why)});
  request.network.proxies[id] = *choice->proxy;
}

Result<void> add_chosen_proxy(const Args& args, const Io& io, const target::Target& target,
                              DiagnosisRequest& request) {
  const std::string asked = args.value("--proxy");
  if (asked == "none") {
    add_unused_proxy(io, target, "--proxy none", request);
    return {};
  }
  if (!asked.empty()) {
    MEDIC_TRY(const target::Proxy proxy, target::parse_proxy(asked));
    add_proxy(request.facts, request.network, proxy, "--proxy");
    request.network.fetch_proxy = request.facts.asked.proxy;
    return {};
  }
  MEDIC_TRY(const target::ProxyChoice choice,
            target::proxy_from_environment(target, io.environment));
  if (choice.proxy) {
    add_proxy(request.facts, request.network, *choice.proxy, choice.variable);
    request.network.fetch_proxy = request.facts.asked.proxy;
    request.network.fetch_no_proxy =
        variable(io.environment, io.environment.contains("no_proxy") ? "no_proxy" : "NO_PROXY");
  } else if (!choice.bypass.empty()) {
    add_unused_proxy(io, target, "no_proxy " + choice.bypass, request);
  }
  return {};
}

Result<void> add_overrides(const Args& args, const target::Target& target,
                           DiagnosisRequest& request) {
  for (const std::string& text : args.values("--resolve")) {
    MEDIC_TRY(target::ResolveOverride resolve, target::parse_resolve(text));
    request.network.resolve.push_back(std::move(resolve));
  }
  std::vector<target::ConnectTo> rules;
  for (const std::string& text : args.values("--connect-to")) {
    MEDIC_TRY(target::ConnectTo rule, target::parse_connect_to(text));
    rules.push_back(std::move(rule));
  }
  const target::HostPort end = target::connect_to(rules, target.host, target.port);
  request.network.connect_to = std::move(rules);
  request.network.target = {.host = target.host, .port = target.port};
  const auto family = request.facts.asked.family;
  const target::Family wanted = family == evidence::AddressFamily::Ipv4   ? target::Family::Ipv4
                                : family == evidence::AddressFamily::Ipv6 ? target::Family::Ipv6
                                                                          : target::Family::Any;
  if (target::parse_ip(end.host)) {
    if (end.host != target.host) {
      request.facts.asked.addresses = {end.host};
    }
  } else if (const auto* known =
                 target::find_override(request.network.resolve, end.host, end.port)) {
    request.facts.asked.addresses = target::of_family(known->addresses, wanted);
  }
  return {};
}

Result<void> add_pool(const Args& args, evidence::Case& facts) {
  const std::string path = args.value("--issuers");
  if (path.empty()) {
    return {};
  }
  MEDIC_TRY(const Bytes bytes, read_file(path));
  const x509::Certificates found = x509::read_certificates(bytes);
  if (found.certificates.empty()) {
    return fail(ErrorKind::Data, fmt::format("no certificate in {}", path),
                "the file of --issuers should hold intermediate certificates in PEM or DER");
  }
  for (const x509::CertificatePtr& certificate : found.certificates) {
    facts.pool.push_back(certificate->der);
  }
  return {};
}

}  // namespace

evidence::TargetFacts target_facts(const target::Target& target) {
  const bool web = target.scheme == "https" || target.scheme == "http";
  return {.url = target.url(),
          .host = target.host,
          .unicode = target.unicode_host,
          .is_address = target.kind != target::HostKind::Dns,
          .port = target.port,
          .starttls = target.starttls,
          .http = web};
}

void add_proxy(evidence::Case& facts, probe::NetworkOptions& network, const target::Proxy& proxy,
               std::string source) {
  const std::string id(kProxyId);
  facts.asked.proxy = id;
  facts.proxies.push_back({.id = id, .url = proxy.text(), .source = source});
  network.proxies[id] = proxy;
  if (proxy.kind == target::ProxyKind::Https && proxy.credentials) {
    if (const auto system = trust::system_anchors()) {
      for (const trust::Anchor& anchor : (*system)->all()) {
        network.proxy_anchors.push_back(anchor.certificate->der);
      }
    }
  }
  if (proxy.kind == target::ProxyKind::Https) {
    target::Proxy plain = proxy;
    plain.kind = target::ProxyKind::Http;
    plain.credentials.reset();  // never in the clear to a peer that was to be spoken to in TLS
    facts.proxies.push_back(
        {.id = id + "-plain", .url = plain.text(), .source = std::move(source)});
    network.proxies[id + "-plain"] = std::move(plain);
  }
}

Result<DiagnosisRequest> diagnosis_request(const Args& args, const Io& io) {
  MEDIC_TRY(const target::Target target, target::parse_target(args.positional("TARGET")));
  MEDIC_TRY(const int seconds, number_option(args, "--timeout", 10, kMaxSeconds));
  MEDIC_TRY(const int at_once, number_option(args, "--max-connections", 8, kMaxConnectionsAtOnce));
  DiagnosisRequest request;
  evidence::Case& facts = request.facts;
  facts.program = program_and_version();
  facts.at = io.clock->now();
  facts.target = target_facts(target);
  facts.asked.profiles = args.value("--profile", "all");
  facts.asked.roots = args.value("--roots");
  facts.asked.revocation = !args.flag("--no-revocation");
  facts.asked.deadline_ms = static_cast<std::uint32_t>(seconds) * 1000U;
  request.network.stop = io.stop;
  request.network.at_once = static_cast<std::size_t>(at_once);
  if (args.has("--sni")) {
    const std::string sni = args.value("--sni");
    facts.asked.sni = sni == "none" ? "" : sni;
  }
  const std::string family = args.value("--address-family", "any");
  facts.asked.family = family == "4"   ? evidence::AddressFamily::Ipv4
                       : family == "6" ? evidence::AddressFamily::Ipv6
                                       : evidence::AddressFamily::Any;
  if (auto done = add_starttls(args, facts); !done) {
    return std::unexpected(std::move(done.error()));
  }
  if (auto done = add_overrides(args, target, request); !done) {
    return std::unexpected(std::move(done.error()));
  }
  if (auto done = add_chosen_proxy(args, io, target, request); !done) {
    return std::unexpected(std::move(done.error()));
  }
  if (auto done = add_pool(args, facts); !done) {
    return std::unexpected(std::move(done.error()));
  }
  MEDIC_TRY(request.network.client, client_identity(args, io));
  facts.asked.client_certificate = request.network.client.has_value();
  return request;
}

}  // namespace medic::cli
