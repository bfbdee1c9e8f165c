#include "request/plaintext.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "request/steps.h"

namespace medic::request {
namespace {

constexpr std::array<std::string_view, 3> kExposedIds{"credentials", "cookies", "body"};
constexpr std::array<std::string_view, 6> kVerdictIds{"allowed",    "not-asked", "not-the-server",
                                                      "redirected", "proxied",   "exposes"};

// Of the catalogue, with those below them. A bad certificate is not among them: it may as well be
// somebody in between.
constexpr std::array<std::string_view, 2> kProtocolFaults{"sni-misconfigured-server",
                                                          "server-protocol-too-old"};

bool is_named(std::string_view name, std::string_view wanted) {
  return std::ranges::equal(name, wanted, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
  });
}

// The port of the host's entry, 80 unless it says another; none: it is not named.
std::optional<std::uint16_t> plain_port(const std::vector<std::string>& hosts,
                                        const std::string& host) {
  for (const std::string& entry : hosts) {
    const auto parts = target::split_authority(entry);
    const auto name = parts ? target::parse_host(parts->host)
                            : Result<target::Host>(fail(ErrorKind::Usage, "no host"));
    if (!name || name->ascii != host) {
      continue;
    }
    const auto port = parts->port ? target::parse_port(*parts->port) : Result<std::uint16_t>(80);
    if (port) {
      return *port;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view exposed_id(Exposed what) {
  return kExposedIds.at(static_cast<std::size_t>(what));
}

std::string_view plaintext_verdict_id(PlaintextVerdict verdict) {
  return kVerdictIds.at(static_cast<std::size_t>(verdict));
}

// Any header that says more than what is understood may be a key, and so may a query.
std::vector<Exposed> exposed_by(const Request& request) {
  bool credentials = !request.url.query.reveal().empty();
  bool cookies = false;
  for (const Header& header : request.headers) {
    const bool cookie = is_named(header.name, "cookie");
    cookies = cookies || cookie;
    credentials = credentials || (!cookie && !is_named(header.name, "content-type") &&
                                  !may_cross_origins(header.name));
  }
  std::vector<Exposed> exposed;
  if (credentials) {
    exposed.push_back(Exposed::Credentials);
  }
  if (cookies) {
    exposed.push_back(Exposed::Cookies);
  }
  if (!request.body.empty()) {
    exposed.push_back(Exposed::Body);
  }
  return exposed;
}

bool is_protocol_fault(const ProvenFault& fault) {
  return std::ranges::any_of(kProtocolFaults, [&](std::string_view id) {
    return fault.cause == id || fault.parent == id;
  });
}

PlaintextDecision plaintext_decision(const Request& request, const Outcome& outcome,
                                     const ProvenFault& fault, const PlaintextRules& rules,
                                     Way way) {
  PlaintextDecision decision{.exposes = exposed_by(request)};
  const bool broken_tls = outcome.failure && outcome.failure->kind == FailureKind::Tls;
  if (!broken_tls || !is_protocol_fault(fault)) {
    decision.verdict = PlaintextVerdict::NotTheServer;
    return decision;
  }
  const auto port = plain_port(rules.hosts, request.url.target.host);
  if (!port) {
    return decision;
  }
  const bool moved = !same_origin(outcome.url, request.url) ||
                     std::ranges::any_of(outcome.attempts, [](const Attempt& attempt) {
                       return attempt.status != 0;
                     });
  const bool unnamed = std::ranges::any_of(decision.exposes, [&](Exposed what) {
    return std::ranges::find(rules.exposed, exposed_id(what)) == rules.exposed.end();
  });
  if (moved) {
    decision.verdict = PlaintextVerdict::Redirected;
  } else if (way == Way::Proxied) {
    decision.verdict = PlaintextVerdict::Proxied;
  } else if (unnamed) {
    decision.verdict = PlaintextVerdict::Exposes;
  } else {
    decision.verdict = PlaintextVerdict::Allowed;
    decision.url = request.url;
    decision.url.target.scheme = "http";
    decision.url.target.security = target::Security::Plain;
    decision.url.target.port = *port;
  }
  return decision;
}

}  // namespace medic::request
