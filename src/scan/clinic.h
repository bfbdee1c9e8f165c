#pragma once

// Where failing places get the doctor: the experiments of src/diagnose, on a few threads, each
// diagnosis within its own bounds (fewer than 8 connections). What cannot be diagnosed says so.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "diagnose/bench.h"
#include "scan/judge.h"
#include "target/proxy.h"

namespace medic::scan {

enum class Diagnose { None, Failing, All };

struct ClinicRules {
  std::string program;   // "tlsmedic 0.1.0"
  std::string profiles;  // as --profile takes it
  std::string roots;     // as --roots was given; empty: each profile's own
  diagnose::Stores stores;
  Time at{};  // zero: now
  std::uint32_t deadline_ms = 10000;
  std::optional<std::string> sni;
  std::optional<target::Proxy> proxy;
  const std::atomic<bool>* stop = nullptr;
};

class Clinic {
 public:
  // `done` gets every finding back, with its causes, on one of the threads.
  Clinic(ClinicRules rules, std::size_t threads, std::function<void(Finding)> done);
  ~Clinic();
  Clinic(const Clinic&) = delete;
  Clinic& operator=(const Clinic&) = delete;
  Clinic(Clinic&&) = delete;
  Clinic& operator=(Clinic&&) = delete;

  void admit(Finding finding);
  // Enough are waiting: no new places should be begun.
  [[nodiscard]] bool is_full() const { return waiting_count_ >= kMostWaiting; }
  // Until nothing is left, or the scan was stopped.
  void finish();

 private:
  static constexpr std::size_t kMostWaiting = 256;

  void work();
  void examine(Finding& finding) const;

  ClinicRules rules_;
  std::function<void(Finding)> done_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Finding> waiting_;
  std::atomic<std::size_t> waiting_count_ = 0;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace medic::scan
