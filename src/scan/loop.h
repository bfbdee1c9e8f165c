#pragma once

// One event loop of a scan, on one thread: takes places from the feed, looks names up, holds many
// connections at once, and gives every finished visit to its sink. Loops share the feed, the pace
// and the counters, nothing else.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/error.h"
#include "evidence/world.h"
#include "probe/conversation.h"
#include "scan/feed.h"
#include "scan/lookup.h"
#include "scan/pace.h"
#include "scan/seen.h"
#include "target/proxy.h"
#include "tlswire/tools.h"

namespace medic::scan {

enum class Depth { Certificate, Authenticated, Full };
enum class Addresses { First, All };

struct LoopRules {
  std::size_t max_in_flight = 1000;  // of this loop
  std::chrono::milliseconds lookup{5000};
  std::chrono::milliseconds connect{5000};
  std::chrono::milliseconds handshake{10000};  // from the connection on
  unsigned retries = 1;  // of what may heal: silence, a closed connection, an unreachable host
  Addresses addresses = Addresses::First;
  evidence::AddressFamily family = evidence::AddressFamily::Any;
  Depth depth = Depth::Authenticated;
  std::optional<std::string> sni;  // instead of the host; "" for none
  std::optional<target::Proxy> proxy;
  std::string proxy_address;  // numeric
};

// Of the whole scan; read while it runs.
struct Counters {
  std::atomic<std::uint64_t> started = 0;  // places
  std::atomic<std::uint64_t> finished = 0;
  std::atomic<std::uint64_t> connections = 0;
  std::atomic<std::uint64_t> in_flight = 0;
  std::atomic<std::uint64_t> left_to_libssl = 0;  // connections repeated with libssl
  std::atomic<std::uint64_t> retried = 0;
  std::atomic<std::uint64_t> shortages = 0;  // no descriptor, port or memory of ours: waited
  std::atomic<std::uint64_t> abandoned = 0;  // places in flight when the scan was stopped
};

class VisitSink {
 public:
  virtual ~VisitSink() = default;
  // On the loop's thread; other loops wait for nothing meanwhile.
  virtual void visited(Visit visit) = 0;
};

class Loop {
 public:
  // All of it must outlive the loop.
  struct Shared {
    const LoopRules& rules;
    Feed& feed;
    Pace& pace;
    Counters& counters;
    const std::atomic<bool>* stop = nullptr;
    // True: no new place is begun for now.
    std::function<bool()> hold{};
  };
  static Result<std::unique_ptr<Loop>> open(const Shared& shared, VisitSink& sink);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  Loop(Loop&&) = delete;
  Loop& operator=(Loop&&) = delete;

  // Until the feed is drained and everything has ended, or the scan is stopped.
  void run();

 private:
  using Instant = probe::Instant;
  struct Job;
  struct Attempt;
  struct Slot;

  Loop(Shared shared, VisitSink& sink, Descriptor epoll);

  void admit(Instant now);
  void take_places();
  void begin(Place place);
  void resolved(const std::shared_ptr<Job>& job, LookedUp found);
  // False: not now, try again later.
  bool open(Attempt attempt, Instant now);
  [[nodiscard]] evidence::ProbeSpec spec_for(const Attempt& attempt) const;
  std::unique_ptr<probe::Conversation> talk_for(const Attempt& attempt, Instant now);

  void wait();
  void event(std::uint64_t data, std::uint32_t events);
  void connected(Slot& slot, Instant now);
  void read(Slot& slot, bool closing, Instant now);
  void flush(Slot& slot);
  void settle(Slot& slot, Instant now);
  void arm(Slot& slot, Instant now);
  void timers(Instant now);
  void end(Slot& slot, Instant now);
  void keep(Attempt attempt, Seen seen, bool needs_libssl, Instant now);
  void finish(const std::shared_ptr<Job>& job);
  void shortage(Instant now);
  [[nodiscard]] int patience(Instant now) const;
  [[nodiscard]] bool stopped() const {
    return shared_.stop != nullptr && shared_.stop->load(std::memory_order_relaxed);
  }

  Shared shared_;
  VisitSink& sink_;
  Descriptor epoll_;
  std::unique_ptr<Lookup> lookup_;
  tlswire::Tools tools_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<std::uint32_t> free_;
  std::set<std::pair<Instant, std::uint32_t>> wakes_;
  std::deque<Attempt> ready_;
  std::multimap<Instant, Attempt> delayed_;
  std::size_t jobs_ = 0;
  std::size_t open_ = 0;
  std::size_t window_ = 0;
  Instant widened_{};
  Instant ticked_{};
  bool held_back_ = false;  // by the pace, or for want of descriptors
  std::uint64_t jitter_ = 0x9E3779B97F4A7C15U;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace medic::scan
