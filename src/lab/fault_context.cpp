#include "lab/fault_context.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

namespace medic::lab {
namespace {

// The lab's own authorities have keys that no fault uses.
constexpr std::size_t kRootKey = 1000;
constexpr std::size_t kIntermediateKey = 1001;

constexpr std::string_view kLoopback = "127.0.0.1";

bool is_address(std::string_view host) {
  return host.starts_with("127.");
}

}  // namespace

FaultContext::FaultContext(Time at, ServerHost& servers) : at_(at), clock_(at), servers_(servers) {
  initialise_openssl();
  root_ = make_self_signed(root_recipe("tlsmedic lab root", at), key(kRootKey));
  intermediate_ = make_certificate(intermediate_recipe("tlsmedic lab intermediate", at),
                                   key(kIntermediateKey), root_);
}

void FaultContext::begin(const LabFault& fault) {
  fault_ = &fault;
  host_ = fmt::format("{}.lab.test", fault.id);
}

Key FaultContext::key(std::size_t number, KeyKind kind) {
  return shared_keys().key(kind, number);
}

Identity FaultContext::issued(const Recipe& recipe) const {
  return make_certificate(recipe, key(), intermediate_);
}

TlsPlan FaultContext::plan(const Identity& leaf, std::initializer_list<Identity> issuers) {
  TlsPlan plan;
  plan.shown.chain.push_back(leaf.der);
  for (const Identity& issuer : issuers) {
    plan.shown.chain.push_back(issuer.der);
  }
  plan.shown.key = leaf.key;
  return plan;
}

std::string FaultContext::site_id(std::string_view suffix) const {
  return suffix.empty() ? std::string(fault_->id) : fmt::format("{}.{}", fault_->id, suffix);
}

Site& FaultContext::add(std::string id, bool twin, std::uint16_t port) {
  Site& site = sites_.emplace_back();
  site.id = std::move(id);
  site.fault = fault_->id;
  site.twin = twin;
  site.cause = twin ? "healthy" : fault_->cause;
  site.slow = !twin && fault_->slow;
  site.expectation = twin ? Expectation::ShouldAccept : Expectation::MustRefuse;
  site.host = host_;
  site.address = is_address(host_) ? host_ : std::string(kLoopback);
  site.addresses = {site.address};
  site.port = port;
  site.ca_pem = certificate_pem(root_);
  site.at = at_;
  hosts_->emplace(site.host, site.address);
  return site;
}

std::uint16_t FaultContext::serve(Script script) {
  auto port = servers_.listen(std::string(kLoopback), 0, std::move(script));
  if (!port) {
    problem_ = std::move(port).error();
    return 0;
  }
  return *port;
}

Site& FaultContext::bad(Script script, std::string_view suffix) {
  const std::uint16_t port = serve(std::move(script));
  return add(site_id(suffix), false, port);
}

Site& FaultContext::good(Script script, std::string_view suffix) {
  const std::uint16_t port = serve(std::move(script));
  return add(site_id(suffix), true, port);
}

Site& FaultContext::bad(TlsPlan plan, std::string_view suffix) {
  plans_.insert_or_assign(site_id(suffix), plan);
  return bad(tls_script(std::move(plan), clock_), suffix);
}

Site& FaultContext::good(TlsPlan plan, std::string_view suffix) {
  plans_.insert_or_assign(site_id(suffix), plan);
  return good(tls_script(std::move(plan), clock_), suffix);
}

Site& FaultContext::add_on(std::string id, bool twin,
                           const std::vector<std::pair<std::string, Script>>& addresses) {
  const auto port = servers_.listen_on_all(addresses);
  if (!port) {
    problem_ = port.error();
  }
  Site& site = add(std::move(id), twin, port.value_or(0));
  site.addresses.clear();
  for (const auto& [address, script] : addresses) {
    site.addresses.push_back(address);
  }
  site.address = site.addresses.front();
  hosts_->insert_or_assign(site.host, site.address);
  return site;
}

Site& FaultContext::bad_on(const std::vector<std::pair<std::string, Script>>& addresses) {
  return add_on(site_id({}), false, addresses);
}

Site& FaultContext::good_on(const std::vector<std::pair<std::string, Script>>& addresses) {
  return add_on(site_id("good"), true, addresses);
}

std::string FaultContext::url_of(std::string_view scheme, std::uint16_t port) const {
  return fmt::format("{}://{}:{}", scheme, kLoopback, port);
}

std::string FaultContext::published_url(std::string_view name) const {
  return fmt::format("http://{}:{}/{}/{}", kLoopback, file_port_, fault_->id, name);
}

std::string FaultContext::publish(std::string_view name, std::string_view content_type,
                                  Bytes body) {
  files_[fmt::format("/{}/{}", fault_->id, name)] = {.content_type = std::string(content_type),
                                                     .body = std::move(body)};
  *file_server_ = file_server_script(files_);
  return published_url(name);
}

Script FaultContext::dripping(std::uint16_t port, std::chrono::milliseconds interval) const {
  return drip_script(servers_, std::string(kLoopback), port, interval);
}

Result<void> FaultContext::open_shared_servers() {
  file_server_ = std::make_shared<Script>(file_server_script({}));
  // Shared with publish(), which fills it before the servers start.
  file_port_ = serve([server = file_server_](Connection& connection) { (*server)(connection); });
  proxy_url_ = url_of("http", serve(honest_proxy()));
  if (auto problem = take_problem()) {
    return std::unexpected(std::move(*problem));
  }
  return {};
}

std::uint16_t FaultContext::closed_port() {
  auto port = reserve_closed_port();
  if (!port) {
    problem_ = std::move(port).error();
    return 0;
  }
  closed_ports_.push_back(*std::move(port));
  return closed_ports_.back().number;
}

std::optional<Error> FaultContext::take_problem() {
  return std::exchange(problem_, std::nullopt);
}

std::vector<Site> FaultContext::take_sites() {
  return {std::make_move_iterator(sites_.begin()), std::make_move_iterator(sites_.end())};
}

std::vector<LabName> FaultContext::names() const {
  std::vector<LabName> names;
  for (const Site& site : sites_) {
    const bool known = std::any_of(names.begin(), names.end(),
                                   [&](const LabName& name) { return name.host == site.host; });
    if (!known && !is_address(site.host)) {
      names.push_back({.host = site.host, .addresses = site.addresses});
    }
  }
  return names;
}

}  // namespace medic::lab
