#include "base/progress.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "base/bytes.h"
#include "base/terminal.h"

namespace medic {
namespace {

constexpr std::chrono::milliseconds kFrameTime{100};
constexpr std::array<std::string_view, 4> kFrames = {"|", "/", "-", "\\"};

class Silent final : public Progress {
 public:
  void step(std::string_view /*sentence*/) override {}
  void clear() override {}
};

class Spinner final : public Progress {
 public:
  Spinner(std::ostream& terminal, int width, std::chrono::milliseconds delay)
      : terminal_(terminal), width_(static_cast<std::size_t>(std::max(width, 20))), delay_(delay) {}

  void step(std::string_view sentence) override {
    const std::lock_guard lock(mutex_);
    // The sentence may hold a host name that a stranger chose.
    sentence_ = escaped(sentence);
    if (!thread_.joinable()) {
      thread_ = std::jthread([this](const std::stop_token& stop) { draw(stop); });
    }
  }

  void clear() override {
    std::jthread ended;
    {
      const std::lock_guard lock(mutex_);
      std::swap(ended, thread_);
    }
    if (ended.joinable()) {
      ended.request_stop();
      ended.join();
    }
  }

  ~Spinner() override { clear(); }
  Spinner(const Spinner&) = delete;
  Spinner& operator=(const Spinner&) = delete;
  Spinner(Spinner&&) = delete;
  Spinner& operator=(Spinner&&) = delete;

 private:
  void draw(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    std::size_t frame = 0;
    bool drawn = false;
    auto wait = delay_;
    while (!wake_.wait_for(lock, stop, wait, [&stop] { return stop.stop_requested(); })) {
      // One line only: a wrapped line could not be taken back.
      const std::string line = wrapped(sentence_, width_ - 3).front();
      terminal_ << kClearLine << kFrames.at(frame++ % kFrames.size()) << ' '
                << (display_width(line) > width_ - 3 ? std::string() : line) << std::flush;
      drawn = true;
      wait = kFrameTime;
    }
    if (drawn) {
      terminal_ << kClearLine << std::flush;
    }
  }

  std::ostream& terminal_;
  std::size_t width_;
  std::chrono::milliseconds delay_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::string sentence_;
  std::jthread thread_;
};

}  // namespace

std::unique_ptr<Progress> make_spinner(std::ostream& terminal, int width,
                                       std::chrono::milliseconds delay) {
  return std::make_unique<Spinner>(terminal, width, delay);
}

std::unique_ptr<Progress> make_silent_progress() {
  return std::make_unique<Silent>();
}

}  // namespace medic
