#pragma once

// A numeric address and a port as the socket calls want them.

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "target/ip_address.h"

namespace medic::scan {

class SocketAddress {
 public:
  // What is no address becomes family AF_UNSPEC, which no socket can be made for.
  SocketAddress(const std::string& address, std::uint16_t port) {
    const auto ip = target::parse_ip(address);
    if (!ip) {
      return;
    }
    if (ip->v6) {
      sockaddr_in6 v6{};
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(port);
      std::memcpy(&v6.sin6_addr, ip->octets.data(), 16);
      v6.sin6_scope_id = ip->zone.empty() ? 0 : if_nametoindex(ip->zone.c_str());
      std::memcpy(&storage_, &v6, sizeof v6);
      size_ = sizeof v6;
    } else {
      sockaddr_in v4{};
      v4.sin_family = AF_INET;
      v4.sin_port = htons(port);
      std::memcpy(&v4.sin_addr, ip->octets.data(), 4);
      std::memcpy(&storage_, &v4, sizeof v4);
      size_ = sizeof v4;
    }
  }
  [[nodiscard]] int family() const { return storage_.ss_family; }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t size() const { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

}  // namespace medic::scan
