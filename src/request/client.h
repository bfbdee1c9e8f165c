#pragma once

// A verified HTTPS client: requests in, outcomes out. One event loop; connections are kept and used
// again, many requests go over one HTTP/2 connection. Not thread-safe.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "probe/addresses.h"
#include "request/message.h"
#include "request/steps.h"
#include "request/wire.h"
#include "x509/identity.h"

namespace medic::request {

struct ClientOptions {
  Trust trust;
  const Clock* clock = nullptr;
  evidence::TlsVersion min_version = evidence::TlsVersion::Tls12;
  evidence::TlsVersion max_version = evidence::TlsVersion::Tls13;
  HttpVersions http = HttpVersions::Both;
  std::optional<x509::Identity> identity{};  // shown to the first origin only
  std::function<void(std::string_view)> key_log{};
  PhaseLimits limits{};
  AnswerLimits answers{};
  RetryRules retry{};
  RedirectRules redirects{};
  std::size_t connections = 6;  // at most to one origin; browsers open as many
  // The proxy for a target; empty: always direct.
  std::function<Result<target::ProxyChoice>(const target::Target&)> proxy{};
  probe::AddressRules addresses{};
  std::vector<target::ConnectTo> connect_to{};
  evidence::AddressFamily family = evidence::AddressFamily::Any;
  const std::atomic<bool>* stop = nullptr;
  std::function<double()> random{};  // from 0 to 1; empty: always 1
  // Told after every attempt; may be empty.
  std::function<void(const Attempt&)> watch{};
};

class Client {
 public:
  // An Error when the client certificate cannot be used.
  static Result<std::unique_ptr<Client>> make(ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client(Client&&) = delete;
  Client& operator=(Client&&) = delete;

  // All at once; outcomes in the order of the requests, which must outlive the call.
  std::vector<Outcome> send(std::span<const Request> requests);

 private:
  struct State;
  explicit Client(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace medic::request
