#pragma once

// A whole scan: input to findings. Threads: one reads the input, one runs each loop, a few
// diagnose; findings come out one at a time.

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "scan/clinic.h"
#include "scan/input.h"
#include "scan/judge.h"
#include "scan/loop.h"
#include "scan/pace.h"

namespace medic::scan {

struct ScanRules {
  LoopRules loop;  // max_in_flight: of the whole scan
  PaceRules pace;
  std::size_t loops = 1;
  JudgeRules judge;
  Diagnose diagnose = Diagnose::Failing;
  ClinicRules clinic;
  const Clock* clock = nullptr;
  const std::atomic<bool>* stop = nullptr;
};

// Called by one thread at a time.
using FindingTaker = std::function<void(const Finding&)>;
// Called by the waiting thread several times a second.
using ProgressTaker = std::function<void(const Counters&)>;

struct ScanEnd {
  std::uint64_t connections = 0;
  std::uint64_t left_to_libssl = 0;
  std::uint64_t retried = 0;
  std::uint64_t shortages = 0;
  std::uint64_t abandoned = 0;  // begun and not finished, because the scan was stopped
  bool stopped = false;
};

// Reads `sources` through `input` until they end or the scan is stopped; both are used by a thread
// of the scan until this returns. A source that blocks (a terminal) is waited for.
Result<ScanEnd> scan(ScanRules rules, Input& input, const std::vector<Source>& sources,
                     const FindingTaker& take, const ProgressTaker& progress);

}  // namespace medic::scan
