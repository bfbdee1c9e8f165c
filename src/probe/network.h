#pragma once

// The world as it is: evidence::World answered from the system's resolver and from sockets. One
// event loop, no thread per connection, one deadline per question. Keeps nothing that must not be
// seen: credentials and keys go from the options to the wire.

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evidence/world.h"
#include "probe/resolver.h"
#include "target/overrides.h"
#include "target/proxy.h"
#include "x509/identity.h"

namespace medic::probe {

struct NetworkOptions {
  std::size_t at_once = 8;  // connections to the target at the same time
  std::vector<target::ResolveOverride> resolve;
  // Rules of --connect-to are about the target as the person named it, whatever SNI a probe sends.
  target::HostPort target;
  std::vector<target::ConnectTo> connect_to;
  std::map<std::string, target::Proxy> proxies;  // by the id that ProbeSpec::proxy names
  // The proxy that AIA, OCSP and CRL are fetched through (an id of `proxies`; empty: none) and the
  // no_proxy list that excepts hosts from it.
  std::string fetch_proxy;
  std::string fetch_no_proxy;
  // Shown when a spec asks for a client certificate; none: one made for the occasion, which nobody
  // trusts.
  std::optional<x509::Identity> client;
  // Trusted to name an https:// proxy (DER). Credentials for one go only where these lead; without
  // them such a proxy is asked for nothing.
  std::vector<Bytes> proxy_anchors;
  const std::atomic<bool>* stop =
      nullptr;                    // set: everything returns at once; what was not finished is none
  Lookup lookup = system_lookup;  // names that no override knows
};

class Network final : public evidence::World {
 public:
  explicit Network(NetworkOptions options);
  ~Network() override;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  Network(Network&&) = delete;
  Network& operator=(Network&&) = delete;

  // The target's host, for the target's port: overrides and rules apply as in curl.
  evidence::Resolution resolve(const std::string& host, evidence::AddressFamily family) override;
  std::vector<std::optional<evidence::Handshake>> handshakes(
      std::span<const evidence::ProbeSpec> specs) override;
  evidence::Fetched fetch(const evidence::FetchQuestion& question) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Whether there is a STARTTLS protocol of this id.
bool knows_starttls(std::string_view id);

}  // namespace medic::probe
