#pragma once

// Proxies for tests, on loopback: HTTP (CONNECT, and whole URLs answered by themselves), the same
// behind TLS, and SOCKS5. Whatever name they are asked for, they dial one place, and they note what
// they were told.

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "lab/certificate_maker.h"
#include "lab/server_host.h"

namespace medic::probe {

inline constexpr std::string_view kProxyUser = "proxy-user";
inline constexpr std::string_view kProxyPassword = "proxy-pass-7c1f";
inline constexpr std::string_view kProxyHost = "proxy.lab.test";
inline constexpr std::string_view kProxyPage = "fetched by the proxy";

class ProxyServers {
 public:
  // Tunnels end at `address`:`port`.
  ProxyServers(std::string address, std::uint16_t port);

  std::uint16_t http_port = 0;
  std::uint16_t tls_port = 0;  // its certificate is for kProxyHost
  std::uint16_t socks_port = 0;
  [[nodiscard]] const lab::Identity& root() const { return root_; }
  // "CONNECT host:443", "GET http://...", "SOCKS host:443", each with " user:password" when they
  // came.
  [[nodiscard]] std::vector<std::string> told() const;

 private:
  void http(lab::Connection& client);
  void tls(lab::Connection& client);
  void socks(lab::Connection& client);
  void note(std::string line);

  std::string address_;
  std::uint16_t port_;
  lab::Identity root_;
  lab::Identity leaf_;
  mutable std::mutex mutex_;
  std::vector<std::string> told_;
  lab::ServerHost host_;  // last: its threads use the rest
};

}  // namespace medic::probe
