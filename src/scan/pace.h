#pragma once

// How hard a scan may push: connections a second in all, connections at a time to one address and
// to one network (/24, /48 in IPv6). Shared by all loops.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace medic::scan {

struct PaceRules {
  double rate = 1000;          // new connections a second; 0: no limit
  std::uint32_t per_host = 2;  // at the same time; 0: no limit
  std::uint32_t per_net = 64;
};

class Pace {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  explicit Pace(PaceRules rules) : rules_(rules) {}

  enum class Answer { Go, RateReached, AddressBusy };
  // Go counts: release() when the connection has ended.
  Answer admit(const std::string& address, Instant now);
  void release(const std::string& address);

 private:
  PaceRules rules_;
  std::mutex mutex_;
  double tokens_ = 0;
  Instant filled_{};
  std::unordered_map<std::string, std::uint32_t> hosts_;
  std::unordered_map<std::string, std::uint32_t> nets_;
};

}  // namespace medic::scan
