#include "probe/network.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <utility>

#include "probe/addresses.h"
#include "probe/connection.h"
#include "probe/fetcher.h"
#include "probe/session.h"
#include "probe/starttls.h"
#include "probe/throwaway_identity.h"
#include "target/ip_address.h"
#include "target/target.h"

namespace medic::probe {
namespace {

namespace asio = boost::asio;
using evidence::AddressFamily;
using evidence::Handshake;
using evidence::ProbeSpec;

constexpr std::chrono::milliseconds kStopCheck{100};

Handshake unreachable(const ProbeSpec& spec, std::string detail) {
  Handshake handshake;
  handshake.spec = spec;
  handshake.outcome = evidence::NotConnected{.reason = "other", .detail = std::move(detail)};
  return handshake;
}

// Names that mean this machine or its neighbours whoever resolves them (RFC 6761 section 6.3).
bool is_local_name(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || host.ends_with(".local");
}

// Where one question goes, and what it is asked with.
struct Route {
  std::vector<asio::ip::tcp::endpoint> endpoints;
  SessionPlan plan;
};

}  // namespace

struct Network::State {
  NetworkOptions options;
  std::optional<ClientIdentity> identity;
  std::string identity_problem;
  Addresses addresses;

  [[nodiscard]] bool stopped() const { return options.stop != nullptr && options.stop->load(); }

  // The certificate to show: the person's, or one made for the occasion.
  const ClientIdentity* shown() {
    if (!identity && identity_problem.empty()) {
      Result<ClientIdentity> made = fail(ErrorKind::Bug, "no identity");
      if (options.client) {
        std::vector<Bytes> chain;
        for (const x509::CertificatePtr& certificate : options.client->chain) {
          chain.push_back(certificate->der);
        }
        made = parse_identity(chain, options.client->key.view());
      } else {
        made = make_throwaway_identity();
      }
      if (made) {
        identity = *std::move(made);
      } else {
        identity_problem = made.error().what;
      }
    }
    return identity ? &*identity : nullptr;
  }

  [[nodiscard]] target::HostPort moved_target() const {
    return target::connect_to(options.connect_to, options.target.host, options.target.port);
  }

  // The host and port to dial for a spec; sets what the plan says about the proxy.
  Result<target::HostPort> dialled(const ProbeSpec& spec, SessionPlan& plan) {
    target::HostPort end{.host = spec.address, .port = spec.port};
    if (spec.port == options.target.port) {
      const target::HostPort moved = moved_target();
      end.port = moved.port;
      if (spec.address == options.target.host) {
        end.host = moved.host;
      }
    }
    if (spec.proxy.empty()) {
      return end;
    }
    const auto proxy = options.proxies.find(spec.proxy);
    if (proxy == options.proxies.end()) {
      return fail(ErrorKind::Usage, "unknown proxy id");
    }
    plan.proxy = &proxy->second;
    plan.tunnel_to = end;
    return target::HostPort{.host = proxy->second.host, .port = proxy->second.port};
  }

  // Where to connect for a spec, or why nowhere.
  Result<Route> route(const ProbeSpec& spec) {
    Route route;
    route.plan.spec = spec;
    route.plan.proxy_anchors = &options.proxy_anchors;
    MEDIC_TRY(const target::HostPort dial, dialled(spec, route.plan));
    if (!spec.starttls.empty()) {
      route.plan.starttls = find_starttls(spec.starttls);
      if (route.plan.starttls == nullptr) {
        return fail(ErrorKind::Usage, "unknown STARTTLS protocol");
      }
    }
    const evidence::Resolution found = addresses.of(dial.host, dial.port, AddressFamily::Any);
    if (found.addresses.empty()) {
      return fail(ErrorKind::Io, found.error);
    }
    for (const std::string& text : found.addresses) {
      boost::system::error_code error;
      const auto address = asio::ip::make_address(text, error);
      if (error) {
        return fail(ErrorKind::Usage, error.message());
      }
      route.endpoints.emplace_back(address, dial.port);
    }
    if (spec.client_certificate) {
      route.plan.identity = shown();
    }
    return route;
  }

  // The proxy for fetching this URL, or null.
  [[nodiscard]] const target::Proxy* fetch_proxy(const HttpUrl& url) const {
    const auto proxy = options.proxies.find(options.fetch_proxy);
    if (options.fetch_proxy.empty() || proxy == options.proxies.end()) {
      return nullptr;
    }
    const auto asked = target::parse_target("http://" + target::authority_text(url.host, url.port));
    const bool excepted = asked && !target::no_proxy_match(options.fetch_no_proxy, *asked).empty();
    return excepted ? nullptr : &proxy->second;
  }

  // Where to fetch a URL from. An Error says why it is not fetched at all.
  Result<FetchRoute> fetch_route(const evidence::FetchQuestion& asked, const HttpUrl& url) {
    if (!asked.address.empty()) {  // the plain-HTTP probe of the target itself
      const bool is_target = url.port == options.target.port;
      return FetchRoute{.addresses = {asked.address},
                        .port = is_target ? moved_target().port : url.port,
                        .by = {}};
    }
    if (const target::Proxy* const proxy = fetch_proxy(url)) {
      const auto ip = target::parse_ip(url.host);
      if (!asked.allow_private && (ip ? target::is_private(*ip) : is_local_name(url.host))) {
        return fail(ErrorKind::Usage, "no public address");
      }
      const evidence::Resolution found = addresses.of(proxy->host, proxy->port, AddressFamily::Any);
      if (found.addresses.empty()) {
        return fail(ErrorKind::Io, "the proxy's name: " + found.error);
      }
      return FetchRoute{.addresses = found.addresses,
                        .port = proxy->port,
                        .by = {.proxy = proxy, .anchors = &options.proxy_anchors}};
    }
    std::vector<std::string> found = addresses.of(url.host, url.port, AddressFamily::Any).addresses;
    if (!asked.allow_private) {
      std::erase_if(found, [](const std::string& address) {
        const auto ip = target::parse_ip(address);
        return !ip || target::is_private(*ip);
      });
      if (found.empty()) {
        return fail(ErrorKind::Usage, "no public address");
      }
    }
    return FetchRoute{.addresses = std::move(found), .port = url.port, .by = {}};
  }
};

Network::Network(NetworkOptions options) {
  Addresses addresses(
      {.resolve = options.resolve, .lookup = options.lookup, .limits = {.stop = options.stop}});
  state_ = std::make_unique<State>(State{.options = std::move(options),
                                         .identity = {},
                                         .identity_problem = {},
                                         .addresses = std::move(addresses)});
}
Network::~Network() = default;

evidence::Resolution Network::resolve(const std::string& host, AddressFamily family) {
  const target::HostPort moved =
      target::connect_to(state_->options.connect_to, host, state_->options.target.port);
  evidence::Resolution found = state_->addresses.of(moved.host, moved.port, family);
  found.host = host;
  return found;
}

std::vector<std::optional<Handshake>> Network::handshakes(std::span<const ProbeSpec> specs) {
  std::vector<std::optional<Handshake>> answers(specs.size());
  // Sessions outlive the loop, whose pending operations may still point at them; connections do
  // not, because their sockets and timers belong to it.
  std::vector<std::unique_ptr<Session>> sessions(specs.size());
  asio::io_context loop(1);
  std::vector<std::shared_ptr<Connection>> connections(specs.size());
  std::size_t next = 0;
  std::size_t active = 0;
  std::size_t finished = 0;
  const std::function<void()> start_more = [&] {
    while (next < specs.size() && active < std::max<std::size_t>(1, state_->options.at_once)) {
      const std::size_t i = next++;
      Result<Route> route = state_->route(specs[i]);
      if (!route) {
        answers[i] = unreachable(specs[i], route.error().what);
        ++finished;
        continue;
      }
      ++active;
      sessions[i] =
          std::make_unique<Session>(std::move(route->plan), std::chrono::steady_clock::now());
      connections[i] =
          std::make_shared<Connection>(loop, *sessions[i], std::move(route->endpoints),
                                       std::chrono::milliseconds{specs[i].deadline_ms}, [&, i] {
                                         --active;
                                         ++finished;
                                         answers[i] = sessions[i]->take_result();
                                         start_more();
                                       });
      connections[i]->start();
    }
  };
  if (!state_->stopped()) {
    start_more();
  }
  while (finished < specs.size() && !state_->stopped()) {
    loop.run_one_for(kStopCheck);
    loop.restart();
  }
  for (const std::shared_ptr<Connection>& connection : connections) {
    if (connection != nullptr) {
      connection->cancel();
    }
  }
  loop.poll();  // lets the cancelled operations release what they hold
  return answers;
}

evidence::Fetched Network::fetch(const evidence::FetchQuestion& question) {
  evidence::FetchQuestion asked = question;
  for (int hop = 0; hop <= kMaxRedirects; ++hop) {
    const Result<HttpUrl> url = parse_http_url(asked.url);
    if (!url) {
      return {.url = question.url, .error = url.error().what};
    }
    const Result<FetchRoute> route = state_->fetch_route(asked, *url);
    if (!route) {
      return {.url = question.url, .error = route.error().what};
    }
    evidence::Fetched answer = exchange(asked, *url, *route, state_->options.stop);
    answer.url = question.url;
    const bool redirect = answer.status >= 301 && answer.status <= 308 && !answer.location.empty();
    if (!redirect || !question.body.empty() || question.purpose == "plain") {
      return answer;
    }
    asked.url = answer.location.starts_with('/')
                    ? "http://" + target::authority_text(url->host, url->port) + answer.location
                    : answer.location;
    asked.address.clear();
  }
  return {.url = question.url, .error = "too many redirects"};
}

bool knows_starttls(std::string_view id) {
  return find_starttls(id) != nullptr;
}

}  // namespace medic::probe
