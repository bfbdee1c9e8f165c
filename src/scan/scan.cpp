#include "scan/scan.h"

#include <sys/resource.h>

#include <algorithm>
#include <mutex>
#include <thread>

namespace medic::scan {
namespace {

constexpr std::chrono::milliseconds kLook{100};
// Descriptors that are not connections: files, epoll, the resolver, diagnoses.
constexpr std::size_t kOtherDescriptors = 64;
constexpr std::size_t kClinicThreads = 4;

// As many descriptors as this process may have.
std::size_t most_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 1024;
  }
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, 1U << 20U));
}

// What a loop's visits become; one for each loop, on its thread.
class JudgingSink final : public VisitSink {
 public:
  JudgingSink(JudgeRules rules, const Clock& clock, std::function<void(Finding)> take)
      : judge_(std::move(rules)), clock_(clock), take_(std::move(take)) {}

  void visited(Visit visit) override {
    for (Finding& finding : judge_.findings(std::move(visit), clock_.now())) {
      take_(std::move(finding));
    }
  }

 private:
  Judge judge_;
  const Clock& clock_;
  std::function<void(Finding)> take_;
};

bool wants_doctor(Diagnose diagnose, const Finding& finding) {
  return finding.verdict != Verdict::Unreachable && !finding.address.empty() &&
         (diagnose == Diagnose::All ||
          (diagnose == Diagnose::Failing && finding.verdict == Verdict::Fail));
}

void read_all(Feed& feed, Input& input, const std::vector<Source>& sources) {
  bool more = true;
  for (const Source& source : sources) {
    if (more) {
      input.read(source, [&](Place place) {
        more = feed.push(std::move(place));
        return more;
      });
    }
  }
  feed.end();
}

// Not more connections than descriptors; `max_in_flight` becomes each loop's share.
void fit_to_machine(ScanRules& rules) {
  const std::size_t descriptors = most_descriptors();
  const std::size_t room =
      descriptors > 2 * kOtherDescriptors ? descriptors - kOtherDescriptors : descriptors / 2;
  rules.loops = std::max<std::size_t>(1, std::min(rules.loops, rules.loop.max_in_flight));
  rules.loop.max_in_flight =
      std::max<std::size_t>(1, std::min(rules.loop.max_in_flight, room) / rules.loops);
}

// Each on a thread of its own, until all have ended; `look` is called meanwhile.
void run_all(const std::vector<std::unique_ptr<Loop>>& loops, const std::function<void()>& look) {
  std::atomic<std::size_t> running = loops.size();
  std::vector<std::thread> threads;
  threads.reserve(loops.size());
  for (const auto& loop : loops) {
    threads.emplace_back([&running, &loop] {
      loop->run();
      --running;
    });
  }
  while (running > 0) {
    std::this_thread::sleep_for(kLook);
    look();
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

ScanEnd end_of(const Counters& counters, const std::atomic<bool>* stop) {
  return {.connections = counters.connections,
          .left_to_libssl = counters.left_to_libssl,
          .retried = counters.retried,
          .shortages = counters.shortages,
          .abandoned = counters.abandoned,
          .stopped = stop != nullptr && stop->load()};
}

}  // namespace

Result<ScanEnd> scan(ScanRules rules, Input& input, const std::vector<Source>& sources,
                     const FindingTaker& take, const ProgressTaker& progress) {
  fit_to_machine(rules);
  std::mutex taking;
  const auto hand_out = [&](const Finding& finding) {
    const std::scoped_lock lock(taking);
    take(finding);
  };
  std::unique_ptr<Clinic> clinic;
  if (rules.diagnose != Diagnose::None) {
    clinic = std::make_unique<Clinic>(rules.clinic, kClinicThreads,
                                      [&](const Finding& finding) { hand_out(finding); });
  }
  const auto sort = [&](Finding finding) {
    if (clinic && wants_doctor(rules.diagnose, finding)) {
      clinic->admit(std::move(finding));
    } else {
      hand_out(finding);
    }
  };

  Feed feed;
  Pace pace(rules.pace);
  Counters counters;
  std::vector<std::unique_ptr<JudgingSink>> sinks;
  std::vector<std::unique_ptr<Loop>> loops;
  for (std::size_t i = 0; i < rules.loops; ++i) {
    sinks.push_back(std::make_unique<JudgingSink>(rules.judge, *rules.clock, sort));
    MEDIC_TRY(std::unique_ptr<Loop> loop,
              Loop::open({.rules = rules.loop,
                          .feed = feed,
                          .pace = pace,
                          .counters = counters,
                          .stop = rules.stop,
                          .hold = [&] { return clinic && clinic->is_full(); }},
                         *sinks.back()));
    loops.push_back(std::move(loop));
  }
  std::thread reader([&] { read_all(feed, input, sources); });
  run_all(loops, [&] { progress(counters); });
  feed.stop();
  if (clinic) {
    clinic->finish();
  }
  reader.join();
  return end_of(counters, rules.stop);
}

}  // namespace medic::scan
