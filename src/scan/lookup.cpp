#include "scan/lookup.h"

#include <ares.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <set>

namespace medic::scan {
namespace {

// A lost datagram costs one of these before the name is asked for again.
constexpr int kTryMs = 1000;

struct Asked {
  LookupDone done;
};

std::string numeric(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* const octets =
      address->sa_family == AF_INET6
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr)
          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr);
  return ares_inet_ntop(address->sa_family, octets, text.data(), text.size()) == nullptr
             ? std::string()
             : std::string(text.data());
}

// ares_addrinfo_callback.
void answered(void* argument, int status, int /*timeouts*/, ares_addrinfo* list) {
  const std::unique_ptr<Asked> asked(static_cast<Asked*>(argument));
  LookedUp found;
  if (status != ARES_SUCCESS) {
    found.error = ares_strerror(status);
  }
  for (const ares_addrinfo_node* node = list == nullptr ? nullptr : list->nodes; node != nullptr;
       node = node->ai_next) {
    std::string address = numeric(node->ai_addr);
    if (!address.empty() && std::ranges::find(found.addresses, address) == found.addresses.end()) {
      found.addresses.push_back(std::move(address));
    }
  }
  if (list != nullptr) {
    ares_freeaddrinfo(list);
  }
  if (found.error.empty() && found.addresses.empty()) {
    found.error = "no address";
  }
  asked->done(std::move(found));
}

class AresLookup final : public Lookup {
 public:
  AresLookup(int epoll, std::uint64_t tag) : epoll_(epoll), tag_(tag) {}
  AresLookup(const AresLookup&) = delete;
  AresLookup& operator=(const AresLookup&) = delete;
  AresLookup(AresLookup&&) = delete;
  AresLookup& operator=(AresLookup&&) = delete;
  ~AresLookup() override {
    if (channel_ != nullptr) {
      ares_destroy(channel_);
    }
  }

  Result<void> start(std::chrono::milliseconds deadline) {
    static const int ready = ares_library_init(ARES_LIB_INIT_ALL);
    ares_options options{};
    options.timeout = kTryMs;
    options.tries = std::max(1, static_cast<int>(deadline.count() / (2L * kTryMs)));
    options.sock_state_cb = watch;
    options.sock_state_cb_data = this;
    if (ready != ARES_SUCCESS || ares_init_options(&channel_, &options,
                                                   ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                                                       ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS) {
      return fail(ErrorKind::Io, "the resolver cannot be started",
                  "no name can be looked up; addresses can still be scanned",
                  "look at /etc/resolv.conf");
    }
    return {};
  }

  void ask(const std::string& host, evidence::AddressFamily family, LookupDone done) override {
    ares_addrinfo_hints hints{};
    hints.ai_family = family == evidence::AddressFamily::Ipv4   ? AF_INET
                      : family == evidence::AddressFamily::Ipv6 ? AF_INET6
                                                                : AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    auto asked = std::make_unique<Asked>(Asked{.done = std::move(done)});
    ares_getaddrinfo(channel_, host.c_str(), nullptr, &hints, answered, asked.release());
  }
  void ready(int descriptor, bool readable, bool writable) override {
    ares_process_fd(channel_, readable ? descriptor : ARES_SOCKET_BAD,
                    writable ? descriptor : ARES_SOCKET_BAD);
  }
  void tick() override { ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD); }

 private:
  // ares_sock_state_cb.
  static void watch(void* self, ares_socket_t descriptor, int readable, int writable) {
    static_cast<AresLookup*>(self)->watch_descriptor(descriptor, readable != 0, writable != 0);
  }
  void watch_descriptor(int descriptor, bool readable, bool writable) {
    epoll_event event{};
    event.events =
        (readable ? std::uint32_t{EPOLLIN} : 0U) | (writable ? std::uint32_t{EPOLLOUT} : 0U);
    event.data.u64 = tag_ | static_cast<std::uint32_t>(descriptor);
    if (!readable && !writable) {
      epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
      watched_.erase(descriptor);
    } else if (watched_.insert(descriptor).second) {
      epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
    } else {
      epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event);
    }
  }

  int epoll_;
  std::uint64_t tag_;
  ares_channel channel_ = nullptr;
  std::set<int> watched_;
};

}  // namespace

Result<std::unique_ptr<Lookup>> Lookup::open(int epoll, std::uint64_t tag,
                                             std::chrono::milliseconds deadline) {
  auto made = std::make_unique<AresLookup>(epoll, tag);
  if (auto started = made->start(deadline); !started) {
    return std::unexpected(std::move(started.error()));
  }
  return std::unique_ptr<Lookup>(std::move(made));
}

}  // namespace medic::scan
