#pragma once

// Places on their way from the input to the loops: one thread pushes and waits while it is full,
// the loops take and never wait.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

#include "target/place.h"

namespace medic::scan {

using target::Place;

class Feed {
 public:
  // Held between input and loops.
  static constexpr std::size_t kMost = 4096;

  // False: the scan was stopped.
  bool push(Place place) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return places_.size() < kMost || stopped_; });
    if (stopped_) {
      return false;
    }
    places_.push_back(std::move(place));
    return true;
  }
  // Nothing more will come.
  void end() {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  // Nobody takes any more.
  void stop() {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    room_.notify_all();
  }
  std::optional<Place> take() {
    const std::scoped_lock lock(mutex_);
    if (places_.empty() || stopped_) {
      return std::nullopt;
    }
    Place place = std::move(places_.front());
    places_.pop_front();
    room_.notify_one();
    return place;
  }
  // True: take() will never give a place again.
  bool drained() {
    const std::scoped_lock lock(mutex_);
    return stopped_ || (ended_ && places_.empty());
  }

 private:
  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<Place> places_;
  bool ended_ = false;
  bool stopped_ = false;
};

}  // namespace medic::scan
