#include "probe/network.h"

#include <netdb.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <utility>

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

int family_hint(AddressFamily family) {
  switch (family) {
    case AddressFamily::Any:
      return AF_UNSPEC;
    case AddressFamily::Ipv4:
      return AF_INET;
    case AddressFamily::Ipv6:
      return AF_INET6;
  }
  return AF_UNSPEC;
}

// The system's own resolver, with all that the machine's owner configured (hosts file, NSS
// modules).
evidence::Resolution system_resolution(const std::string& host, AddressFamily family) {
  evidence::Resolution found{.host = host, .family = family};
  addrinfo hints{};
  hints.ai_family = family_hint(family);
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (error != 0) {
    found.error = gai_strerror(error);
    return found;
  }
  for (const addrinfo* a = list; a != nullptr; a = a->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(a->ai_addr, a->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) == 0) {
      const std::string address(text.data());
      if (std::ranges::find(found.addresses, address) == found.addresses.end()) {
        found.addresses.push_back(address);
      }
    }
  }
  freeaddrinfo(list);
  if (found.addresses.empty()) {
    found.error = "the name has no address";
  }
  return found;
}

Handshake unreachable(const ProbeSpec& spec, std::string detail) {
  Handshake handshake;
  handshake.spec = spec;
  handshake.outcome = evidence::NotConnected{.reason = "other", .detail = std::move(detail)};
  return handshake;
}

}  // namespace

namespace {

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

  // Where to connect for a spec, or why nowhere.
  Result<Route> route(Network& network, const ProbeSpec& spec) {
    Route route;
    route.plan.spec = spec;
    route.plan.proxy_anchors = &options.proxy_anchors;
    std::string dial = spec.address;
    std::uint16_t dial_port = spec.port;
    if (!spec.proxy.empty()) {
      const auto proxy = options.proxies.find(spec.proxy);
      if (proxy == options.proxies.end()) {
        return fail(ErrorKind::Usage, "unknown proxy id");
      }
      route.plan.proxy = &proxy->second;
      dial = proxy->second.host;
      dial_port = proxy->second.port;
    } else {
      const std::string& name = spec.sni ? *spec.sni : spec.address;
      const target::HostPort moved = target::connect_to(options.connect_to, name, spec.port);
      if (moved.host != name) {
        dial = moved.host;
      }
      dial_port = moved.port;
    }
    if (!spec.starttls.empty()) {
      route.plan.starttls = find_starttls(spec.starttls);
      if (route.plan.starttls == nullptr) {
        return fail(ErrorKind::Usage, "unknown STARTTLS protocol");
      }
    }
    std::vector<std::string> addresses = {dial};
    if (!target::parse_ip(dial)) {
      const evidence::Resolution found = network.resolve(dial, AddressFamily::Any);
      if (found.addresses.empty()) {
        return fail(ErrorKind::Io, found.error);
      }
      addresses = found.addresses;
    }
    for (const std::string& text : addresses) {
      boost::system::error_code error;
      const auto address = asio::ip::make_address(text, error);
      if (error) {
        return fail(ErrorKind::Usage, error.message());
      }
      route.endpoints.emplace_back(address, dial_port);
    }
    if (spec.client_certificate) {
      route.plan.identity = shown();
    }
    return route;
  }
};

Network::Network(NetworkOptions options)
    : state_(std::make_unique<State>(
          State{.options = std::move(options), .identity = {}, .identity_problem = {}})) {}
Network::~Network() = default;

evidence::Resolution Network::resolve(const std::string& host, AddressFamily family) {
  for (const target::ResolveOverride& known : state_->options.resolve) {
    if (known.host == host || known.host == "*") {
      return {.host = host, .family = family, .addresses = known.addresses};
    }
  }
  return system_resolution(host, family);
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
      Result<Route> route = state_->route(*this, specs[i]);
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
    std::vector<std::string> addresses = {asked.address};
    if (asked.address.empty()) {
      const auto* known = target::find_override(state_->options.resolve, url->host, url->port);
      addresses = known != nullptr              ? known->addresses
                  : target::parse_ip(url->host) ? std::vector{url->host}
                                                : resolve(url->host, AddressFamily::Any).addresses;
    }
    if (!question.allow_private) {
      std::erase_if(addresses, [](const std::string& address) {
        const auto ip = target::parse_ip(address);
        return !ip || target::is_private(*ip);
      });
      if (addresses.empty()) {
        return {.url = question.url, .error = "no public address"};
      }
    }
    evidence::Fetched answer = exchange(asked, *url, addresses, state_->options.stop);
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
