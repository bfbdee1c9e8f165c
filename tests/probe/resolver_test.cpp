#include "probe/resolver.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace medic::probe {
namespace {

using evidence::AddressFamily;
using evidence::Resolution;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A resolver that hangs until it is released, as getaddrinfo does with a dead name server.
class Hanging {
 public:
  Hanging() = default;
  ~Hanging() {
    const std::scoped_lock lock(gate_->mutex);
    gate_->open = true;
    gate_->opened.notify_all();
  }
  Hanging(const Hanging&) = delete;
  Hanging& operator=(const Hanging&) = delete;
  Hanging(Hanging&&) = delete;
  Hanging& operator=(Hanging&&) = delete;

  [[nodiscard]] Lookup lookup() const {
    return [gate = gate_](const std::string& host, AddressFamily family) {
      std::unique_lock lock(gate->mutex);
      gate->opened.wait(lock, [&] { return gate->open; });
      return Resolution{.host = host, .family = family, .addresses = {"192.0.2.1"}};
    };
  }

 private:
  struct Gate {
    std::mutex mutex;
    std::condition_variable opened;
    bool open = false;
  };
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();  // shared with the threads left behind
};

TEST(Resolver, StopIsNotHeldUpByAResolverThatHangs) {
  const Hanging hanging;
  std::atomic<bool> stop = false;
  std::thread person([&] {
    std::this_thread::sleep_for(milliseconds(100));
    stop = true;
  });
  const auto began = steady_clock::now();
  const Resolution got =
      resolve_with(hanging.lookup(), "a.example", AddressFamily::Any, {.stop = &stop});
  person.join();
  EXPECT_LT(steady_clock::now() - began, milliseconds(3000));
  EXPECT_TRUE(got.addresses.empty());
  EXPECT_EQ(got.error, "stopped while the resolver was asked");
  EXPECT_EQ(got.host, "a.example");
}

TEST(Resolver, PatienceEnds) {
  const Hanging hanging;
  const Resolution got = resolve_with(hanging.lookup(), "a.example", AddressFamily::Ipv6,
                                      {.patience = milliseconds(120)});
  EXPECT_EQ(got.error, "the resolver did not answer in time");
  EXPECT_EQ(got.family, AddressFamily::Ipv6);
}

TEST(Resolver, AnAnswerComesThroughAsItIs) {
  const Lookup lookup = [](const std::string& host, AddressFamily family) {
    return Resolution{.host = host, .family = family, .addresses = {"192.0.2.7", "2001:db8::7"}};
  };
  const Resolution got = resolve_with(lookup, "a.example", AddressFamily::Any, {});
  EXPECT_EQ(got.addresses.size(), 2U);
  EXPECT_TRUE(got.error.empty());
}

TEST(Resolver, TheSystemKnowsLocalhost) {
  const Resolution got = resolve_with(system_lookup, "localhost", AddressFamily::Ipv4,
                                      {.patience = milliseconds(5000)});
  EXPECT_EQ(got.addresses, std::vector<std::string>{"127.0.0.1"}) << got.error;
}

}  // namespace
}  // namespace medic::probe
