#pragma once

// What a fault's start function works with: the instant, the lab's shared authorities, and servers.
// A fault says what is wrong and no more; names, ports and bookkeeping are done here. Failures are
// kept and reported by start_lab().

#include <deque>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/certificate_maker.h"
#include "lab/closed_port.h"
#include "lab/lab.h"
#include "lab/revocation_maker.h"
#include "lab/scripts.h"
#include "lab/server_host.h"
#include "lab/tls_server.h"

namespace medic::lab {

class FaultContext {
 public:
  FaultContext(Time at, ServerHost& servers);

  // Called by start_lab() around each fault.
  void begin(const LabFault& fault);

  [[nodiscard]] Time at() const { return at_; }
  [[nodiscard]] LabClock clock() const { return clock_; }
  // "<id>.lab.test" of the fault being started; twins share it, on other ports.
  [[nodiscard]] const std::string& host() const { return host_; }
  // Another host name for the sites that follow. An address goes too.
  void use_host(std::string host) { host_ = std::move(host); }

  // Keys of this process, by number; a fault uses 0-9 for leaves. EC P-256 unless told otherwise.
  static Key key(std::size_t number = 0, KeyKind kind = KeyKind::P256);
  // The lab's own authorities, which all faults share unless they are the fault.
  [[nodiscard]] const Identity& root() const { return root_; }
  [[nodiscard]] const Identity& intermediate() const { return intermediate_; }

  // Recipes for this fault's host and instant.
  [[nodiscard]] Recipe leaf() const { return leaf_recipe(host_, at_); }
  [[nodiscard]] Recipe authority(std::string_view cn) const { return intermediate_recipe(cn, at_); }
  [[nodiscard]] Recipe anchor(std::string_view cn) const { return root_recipe(cn, at_); }
  // Below the lab's intermediate, with key 0.
  [[nodiscard]] Identity issued(const Recipe& recipe) const;
  [[nodiscard]] Identity good_leaf() const { return issued(leaf()); }

  // Shows `leaf` and `issuers`, in this order, with the leaf's key.
  [[nodiscard]] static TlsPlan plan(const Identity& leaf, std::initializer_list<Identity> issuers);
  // leaf + the lab's intermediate.
  [[nodiscard]] TlsPlan plan(const Identity& leaf) const { return plan(leaf, {intermediate_}); }
  [[nodiscard]] TlsPlan good_plan() const { return plan(good_leaf()); }

  // Sites. The reference is for changing fields at once; do not keep it.
  Site& bad(TlsPlan plan, std::string_view suffix = {});
  Site& good(TlsPlan plan, std::string_view suffix = "good");
  Site& bad(Script script, std::string_view suffix = {});
  Site& good(Script script, std::string_view suffix = "good");
  // One script per address, all on one port; `host()` resolves to all of them.
  Site& bad_on(const std::vector<std::pair<std::string, Script>>& addresses);
  Site& good_on(const std::vector<std::pair<std::string, Script>>& addresses);

  // A server that is no site (a proxy): the port on 127.0.0.1.
  std::uint16_t serve(Script script);
  [[nodiscard]] std::string url_of(std::string_view scheme, std::uint16_t port) const;
  // A port of 127.0.0.1 that refuses connections as long as the lab lives.
  std::uint16_t closed_port();
  // Passes on what the server on `port` says, one octet per `interval`.
  [[nodiscard]] Script dripping(std::uint16_t port, std::chrono::milliseconds interval) const;
  // A CONNECT proxy to the lab's names.
  [[nodiscard]] Script honest_proxy() const { return connect_proxy_script(servers_, hosts_); }

  // Puts a file onto the lab's web server; returns its URL. One file per fault and `name`.
  std::string publish(std::string_view name, std::string_view content_type, Bytes body);
  // The URL that publish() will give, for certificates that must name it before it exists.
  [[nodiscard]] std::string published_url(std::string_view name) const;

  // For start_lab().
  [[nodiscard]] std::optional<Error> take_problem();
  Result<void> open_shared_servers();
  std::vector<Site> take_sites();
  std::map<std::string, TlsPlan, std::less<>> take_plans() { return std::move(plans_); }
  std::vector<ClosedPort> take_closed_ports() { return std::move(closed_ports_); }
  [[nodiscard]] std::vector<LabName> names() const;
  [[nodiscard]] const std::string& proxy_url() const { return proxy_url_; }

 private:
  Site& add(std::string id, bool twin, std::uint16_t port);
  Site& add_on(std::string id, bool twin,
               const std::vector<std::pair<std::string, Script>>& addresses);
  std::string site_id(std::string_view suffix) const;

  Time at_;
  LabClock clock_;
  ServerHost& servers_;
  Identity root_;
  Identity intermediate_;
  const LabFault* fault_ = nullptr;
  std::string host_;
  std::deque<Site> sites_;  // references to its elements stay valid while it grows
  std::map<std::string, TlsPlan, std::less<>> plans_;  // by site id
  std::shared_ptr<LabHosts> hosts_ = std::make_shared<LabHosts>();
  std::map<std::string, Published, std::less<>> files_;
  std::shared_ptr<Script> file_server_;
  std::uint16_t file_port_ = 0;
  std::string proxy_url_;
  std::vector<ClosedPort> closed_ports_;
  std::optional<Error> problem_;
};

}  // namespace medic::lab
