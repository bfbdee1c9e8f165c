#include "cli/request_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <istream>
#include <memory>
#include <random>
#include <utility>

#include "base/files.h"
#include "cli/client_identity.h"
#include "cli/effective_trust.h"
#include "cli/secret_source.h"
#include "target/overrides.h"
#include "target/proxy.h"

namespace medic::cli {
namespace {

using std::chrono::milliseconds;

constexpr unsigned kMaxSeconds = 3600;
constexpr std::size_t kMaxBodyBytes = std::size_t{64} << 20U;

std::unexpected<Error> bad_number(std::string_view option, std::string_view text, unsigned least,
                                  unsigned most) {
  return fail(ErrorKind::Usage, fmt::format("{} takes a whole number from {} to {}, not '{}'",
                                            option, least, most, escaped(text, 40)));
}

struct Range {
  unsigned least = 0;
  unsigned most = 0;
};

Result<unsigned> number(std::string_view option, std::string_view text, Range range) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < range.least ||
      value > range.most) {
    return bad_number(option, text, range.least, range.most);
  }
  return value;
}

Result<unsigned> number_option(const Args& args, std::string_view name, unsigned fallback,
                               Range range) {
  return args.has(name) ? number(name, args.value(name), range) : Result<unsigned>(fallback);
}

struct PhaseName {
  std::string_view name;
  milliseconds request::PhaseLimits::* limit = nullptr;
};
constexpr PhaseName kPhases[] = {{"resolve", &request::PhaseLimits::resolve},
                                 {"connect", &request::PhaseLimits::connect},
                                 {"tls", &request::PhaseLimits::tls},
                                 {"answer", &request::PhaseLimits::answer},
                                 {"total", &request::PhaseLimits::total}};

// "SECONDS" for the whole request, "PHASE=SECONDS" for a part of it.
Result<request::PhaseLimits> phase_limits(const Args& args) {
  request::PhaseLimits limits;
  for (const std::string& text : args.values("--timeout")) {
    const std::size_t equals = text.find('=');
    const std::string phase = equals == std::string::npos ? "total" : text.substr(0, equals);
    const auto* const found =
        std::ranges::find_if(kPhases, [&](const PhaseName& one) { return one.name == phase; });
    if (found == std::end(kPhases)) {
      return fail(ErrorKind::Usage, fmt::format("--timeout knows no phase '{}'", escaped(phase)),
                  {}, "resolve, connect, tls, answer or total: --timeout connect=5");
    }
    const std::string value = equals == std::string::npos ? text : text.substr(equals + 1);
    MEDIC_TRY(const unsigned seconds, number("--timeout", value, {1, kMaxSeconds}));
    limits.*found->limit = std::chrono::seconds(seconds);
  }
  return limits;
}

// Never below 1.2, whatever a profile or a person would take: what is older protects nothing.
Result<evidence::TlsVersion> tls_bound(const Args& args, std::string_view option,
                                       evidence::TlsVersion fallback) {
  if (!args.has(option)) {
    return std::clamp(fallback, evidence::TlsVersion::Tls12, evidence::TlsVersion::Tls13);
  }
  return *evidence::parse_version(args.value(option));
}

Result<void> add_overrides(const Args& args, request::ClientOptions& options) {
  for (const std::string& text : args.values("--resolve")) {
    MEDIC_TRY(target::ResolveOverride one, target::parse_resolve(text));
    options.addresses.resolve.push_back(std::move(one));
  }
  for (const std::string& text : args.values("--connect-to")) {
    MEDIC_TRY(target::ConnectTo one, target::parse_connect_to(text));
    options.connect_to.push_back(std::move(one));
  }
  const std::string family = args.value("--address-family", "any");
  options.family = family == "4"   ? evidence::AddressFamily::Ipv4
                   : family == "6" ? evidence::AddressFamily::Ipv6
                                   : evidence::AddressFamily::Any;
  return {};
}

Result<void> add_proxy(const Args& args, const Io& io, request::ClientOptions& options) {
  const std::string asked = args.value("--proxy");
  if (asked == "none") {
    return {};
  }
  if (!asked.empty()) {
    MEDIC_TRY(target::Proxy proxy, target::parse_proxy(asked));
    options.proxy = [proxy = std::move(proxy)](const target::Target&) {
      return Result<target::ProxyChoice>({.proxy = proxy, .variable = "--proxy", .bypass = {}});
    };
    return {};
  }
  options.proxy = [environment = io.environment](const target::Target& target) {
    return target::proxy_from_environment(target, environment);
  };
  return {};
}

// Lines are added as they come, so that a capture that runs beside can use them at once.
Result<void> add_key_log(const Args& args, const Io& io, request::ClientOptions& options) {
  const std::string path = args.has("--keylog")
                               ? args.value("--keylog")
                               : std::string(variable(io.environment, "SSLKEYLOGFILE"));
  if (path.empty()) {
    return {};
  }
  // Shared: std::function wants what it holds to be copyable.
  const auto file = std::make_shared<std::ofstream>(path, std::ios::app);
  if (!*file) {
    return fail(ErrorKind::Io, fmt::format("{} cannot be written", escaped(path)),
                "the keys of the connection would not be there for whoever decrypts a capture");
  }
  options.key_log = [file](std::string_view line) { *file << line << '\n' << std::flush; };
  return {};
}

Result<std::vector<request::Header>> headers_of(const Args& args, const request::Preset* preset,
                                                Io& io) {
  std::vector<request::Header> headers;
  std::vector<std::string> plain = args.values("--header");
  if (preset != nullptr) {
    plain.insert(plain.end(), preset->headers.begin(), preset->headers.end());
  }
  const auto add = [&](std::string name, target::Secret value) -> Result<void> {
    MEDIC_TRY(request::Header header, request::checked_header(std::move(name), std::move(value)));
    headers.push_back(std::move(header));
    return {};
  };
  for (const std::string& text : plain) {
    const std::size_t colon = text.find(':');
    const std::size_t value = text.find_first_not_of(" \t", std::min(colon + 1, text.size()));
    if (colon == std::string::npos) {
      return fail(ErrorKind::Usage, "--header takes 'Name: value'");
    }
    if (auto done = add(text.substr(0, colon),
                        target::Secret(value == std::string::npos ? "" : text.substr(value)));
        !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  for (const std::string& text : args.values("--secret")) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      return fail(ErrorKind::Usage, "--secret takes HEADER=env:NAME or HEADER=file:PATH");
    }
    MEDIC_TRY(target::Secret value, secret_from(text.substr(equals + 1), io));
    if (auto done = add(text.substr(0, equals), std::move(value)); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  if (args.has("--bearer")) {
    MEDIC_TRY(const target::Secret token, secret_from(args.value("--bearer"), io));
    if (auto done = add("Authorization", target::Secret("Bearer " + token.reveal())); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  return headers;
}

Result<Bytes> body_of(const Args& args, const Io& io) {
  const std::string path = args.value("--data");
  if (path != "-") {
    return path.empty() ? Result<Bytes>(Bytes()) : read_file(path, kMaxBodyBytes);
  }
  Bytes body;
  std::vector<char> buffer(65536);
  while (io.in->read(buffer.data(), static_cast<std::streamsize>(buffer.size())),
         io.in->gcount() > 0) {
    body.insert(body.end(), buffer.begin(), buffer.begin() + io.in->gcount());
    if (body.size() > kMaxBodyBytes) {
      return fail(ErrorKind::Limit, "more than 64 MiB on standard input");
    }
  }
  return body;
}

// METHOD may be left out before a URL.
struct Asked {
  std::string method = "GET";
  std::vector<std::string> urls;
};

Result<Asked> asked_for(const Args& args, const request::Preset* preset) {
  Asked asked;
  if (preset != nullptr) {
    if (args.has("--data") || !args.positional("METHOD").empty()) {
      return fail(ErrorKind::Usage, "--preset says already what is asked", {},
                  "leave out METHOD, URL and --data");
    }
    MEDIC_TRY(std::string url, request::filled_url(*preset, args.values("--set")));
    return Asked{.method = preset->method, .urls = {std::move(url)}};
  }
  asked.urls = args.positionals("URL");
  const std::string first = args.positional("METHOD");
  if (first.find_first_of(".:/") != std::string::npos) {
    asked.urls.insert(asked.urls.begin(), first);
    asked.method = args.has("--data") ? "POST" : "GET";
  } else if (!first.empty()) {
    asked.method = first;
  }
  if (!request::is_method(asked.method)) {
    return fail(ErrorKind::Usage, fmt::format("'{}' is no method", escaped(asked.method, 40)), {},
                "tlsmedic request GET https://api.example.com/v1/health");
  }
  if (asked.urls.empty()) {
    return fail(ErrorKind::Usage, "request needs a URL", {},
                "tlsmedic request GET https://api.example.com/v1/health");
  }
  return asked;
}

Result<std::vector<int>> expected_of(const Args& args) {
  std::vector<int> expected;
  std::string_view rest;
  const std::string text = args.value("--expect");
  rest = text;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    MEDIC_TRY(const unsigned status, number("--expect", rest.substr(0, comma), {100, 599}));
    expected.push_back(static_cast<int>(status));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return expected;
}

Result<void> add_rules(const Args& args, request::ClientOptions& options) {
  MEDIC_TRY(options.limits, phase_limits(args));
  MEDIC_TRY(options.retry.retries,
            number_option(args, "--retries", options.retry.retries, {0, 20}));
  MEDIC_TRY(options.redirects.most,
            number_option(args, "--redirects", options.redirects.most, {0, 20}));
  MEDIC_TRY(const unsigned bytes, number_option(args, "--max-bytes", 64U << 20U, {1, 1U << 30U}));
  options.answers.body_bytes = bytes;
  const profiles::TlsRules& own = options.trust.profile->tls;
  MEDIC_TRY(options.min_version,
            tls_bound(args, "--tls-min", static_cast<evidence::TlsVersion>(own.min_version)));
  MEDIC_TRY(options.max_version,
            tls_bound(args, "--tls-max", static_cast<evidence::TlsVersion>(own.max_version)));
  if (options.min_version > options.max_version) {
    return fail(ErrorKind::Usage, "--tls-min is above --tls-max");
  }
  options.http = args.value("--http", "2") == "2" ? request::HttpVersions::Both
                                                  : request::HttpVersions::OnlyHttp1;
  return {};
}

std::function<double()> jitter() {
  // Shared: std::function wants what it holds to be copyable.
  const auto engine = std::make_shared<std::minstd_rand>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0, 1)(*engine); };
}

}  // namespace

Result<RequestPlan> request_plan(const Args& args, Io& io) {
  if (args.has("--at")) {
    return fail(ErrorKind::Usage, "a request is judged by the time that it is",
                "with another time, certificates would pass that have expired",
                "tlsmedic verify --at TIME judges a chain without sending anything");
  }
  RequestPlan plan;
  if (args.has("--preset")) {
    MEDIC_TRY(plan.preset, request::find_preset(args.value("--preset")));
  }
  MEDIC_TRY(const Asked asked, asked_for(args, plan.preset));
  MEDIC_TRY(plan.expected, expected_of(args));
  MEDIC_TRY(plan.client.trust, effective_trust(args, io));
  MEDIC_TRY(plan.client.identity, client_identity(args, io));
  for (const auto add : {add_rules, add_overrides}) {
    if (auto done = add(args, plan.client); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  for (const auto add : {add_proxy, add_key_log}) {
    if (auto done = add(args, io, plan.client); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  plan.trust = plan.client.trust;
  plan.plaintext = {.hosts = args.values("--allow-plaintext"),
                    .exposed = args.values("--allow-plaintext-with")};
  plan.has_proxy = [proxy = plan.client.proxy](const target::Target& target) {
    const auto choice = proxy ? proxy(target) : Result<target::ProxyChoice>();
    return !choice || choice->proxy;
  };
  plan.client.clock = io.clock;
  plan.client.stop = io.stop;
  plan.client.random = jitter();
  request::Request request{.method = asked.method, .url = {}};
  MEDIC_TRY(request.headers, headers_of(args, plan.preset, io));
  MEDIC_TRY(request.body, body_of(args, io));
  if (plan.preset != nullptr) {
    const ByteView body = as_bytes(plan.preset->body);
    request.body.assign(body.begin(), body.end());
  }
  for (const std::string& text : asked.urls) {
    MEDIC_TRY(request.url, request::parse_url(text));
    if (request.url.is_plain()) {
      return fail(ErrorKind::Usage, "http:// is not asked",
                  "whoever is on the way reads and changes what is sent and what comes back",
                  "tlsmedic request GET " + std::string("https") + text.substr(4));
    }
    plan.requests.push_back(request);
  }
  return plan;
}

Args diagnosis_args(const Args& args, const request::Url& url, const request::Trust& trust) {
  Args about;
  about.operands["TARGET"] = {url.target.url()};
  for (const std::string_view name : {"--resolve", "--connect-to", "--address-family", "--proxy",
                                      "--cert", "--key", "--passphrase-file", "--client"}) {
    if (args.has(name)) {
      about.options[std::string(name)] = args.values(name);
    }
  }
  about.options["--no-trials"] = {"true"};
  about.options["--profile"] = {trust.profile->id};
  const std::string store = trust.anchors->id();
  if (args.has("--ca")) {
    about.options["--roots"] = {args.value("--ca")};
  } else if (store.starts_with("file:")) {
    about.options["--roots"] = {store.substr(5)};
  } else if (store == "mozilla" || store == "system") {
    about.options["--roots"] = {store};
  }
  return about;
}

}  // namespace medic::cli
