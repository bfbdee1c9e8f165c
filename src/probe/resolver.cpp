#include "probe/resolver.h"

#include <netdb.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace medic::probe {
namespace {

using evidence::AddressFamily;
using evidence::Resolution;

constexpr std::chrono::milliseconds kStopCheck{50};

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

struct Answer {
  std::mutex mutex;
  std::condition_variable ready;
  std::optional<Resolution> found;
};

Resolution failed(const std::string& host, AddressFamily family, std::string error) {
  return {.host = host, .family = family, .addresses = {}, .error = std::move(error)};
}

}  // namespace

Resolution system_lookup(const std::string& host, AddressFamily family) {
  Resolution found{.host = host, .family = family};
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

Resolution resolve_with(const Lookup& lookup, const std::string& host, AddressFamily family,
                        const LookupLimits& limits) {
  const auto answer = std::make_shared<Answer>();  // shared with the thread, which may outlive us
  try {
    std::thread([answer, lookup, host, family] {
      Resolution found = lookup(host, family);
      const std::scoped_lock lock(answer->mutex);
      answer->found = std::move(found);
      answer->ready.notify_all();
    }).detach();
  } catch (const std::system_error&) {  // no thread to be had: better late than never
    return lookup(host, family);
  }
  const auto until = std::chrono::steady_clock::now() + limits.patience;
  std::unique_lock lock(answer->mutex);
  while (!answer->found) {
    if (limits.stop != nullptr && limits.stop->load()) {
      return failed(host, family, "stopped while the resolver was asked");
    }
    if (std::chrono::steady_clock::now() >= until) {
      return failed(host, family, "the resolver did not answer in time");
    }
    answer->ready.wait_for(lock, kStopCheck);
  }
  return *std::move(answer->found);
}

}  // namespace medic::probe
