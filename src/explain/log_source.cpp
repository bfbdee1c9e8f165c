#include "explain/log_source.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "explain/unpacking.h"
#include "explain/utf16.h"

namespace medic::explain {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10U;
constexpr std::size_t kPackedPiece = std::size_t{64} << 10U;
// Enough to tell gzip, zstd and UTF-16 by.
constexpr std::size_t kFirst = 512;

// Unpacks in a thread of its own, two pieces ahead.
class UnpackedBeside {
 public:
  UnpackedBeside(std::unique_ptr<Unpacker> unpacker, std::string first, LogSource::Read read)
      : unpacker_(std::move(unpacker)), packed_(std::move(first)), read_(std::move(read)) {
    worker_ = std::thread([this] { work(); });
  }
  UnpackedBeside(const UnpackedBeside&) = delete;
  UnpackedBeside& operator=(const UnpackedBeside&) = delete;
  UnpackedBeside(UnpackedBeside&&) = delete;
  UnpackedBeside& operator=(UnpackedBeside&&) = delete;
  ~UnpackedBeside() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    worker_.join();
  }

  // The next piece into `piece`; empty: the end.
  Result<void> next(std::string& piece) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ready_.empty() || ended_; });
    piece.clear();
    if (!ready_.empty()) {
      piece = std::move(ready_.front());
      ready_.erase(ready_.begin());
      changed_.notify_all();
      return {};
    }
    if (error_) {
      return std::unexpected(*error_);
    }
    return {};
  }

  [[nodiscard]] bool damaged() const {
    const std::lock_guard lock(mutex_);
    return damaged_;
  }

 private:
  void work() {
    std::string made;
    while (step(made)) {
      if (made.size() >= kPiece && !hand_over(std::exchange(made, {}))) {
        return;
      }
    }
    if (!made.empty() && !hand_over(std::move(made))) {
      return;
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  // Unpacks a little into `made`; false: the end, or nothing more can be had.
  bool step(std::string& made) {
    if (packed_.empty() && !refill()) {
      return false;
    }
    const std::size_t before = made.size();
    made.resize(before + kPackedPiece);
    const Unpacker::Step step = unpacker_->unpack(packed_, std::span(made).subspan(before));
    made.resize(before + step.made);
    packed_.erase(0, step.taken);
    if (step.damaged || (step.taken == 0 && step.made == 0)) {
      set_damaged();
      return false;
    }
    return true;
  }

  bool refill() {
    packed_.resize(kPackedPiece);
    const Result<std::size_t> got = read_(packed_);
    packed_.resize(got ? *got : 0);
    if (!got) {
      const std::lock_guard lock(mutex_);
      error_ = std::make_unique<Error>(got.error());
    }
    return !packed_.empty();
  }

  bool hand_over(std::string piece) {
    constexpr std::size_t kAhead = 2;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ready_.size() < kAhead || stopped_; });
    ready_.push_back(std::move(piece));
    changed_.notify_all();
    return !stopped_;
  }

  void set_damaged() {
    const std::lock_guard lock(mutex_);
    damaged_ = true;
  }

  // The worker's alone.
  std::unique_ptr<Unpacker> unpacker_;
  std::string packed_;
  LogSource::Read read_;
  // Shared, under mutex_.
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> ready_;
  std::unique_ptr<Error> error_;
  bool ended_ = false;
  bool damaged_ = false;
  bool stopped_ = false;
  std::thread worker_;
};

}  // namespace

class LogSource::Chain {
 public:
  explicit Chain(Read read) : read_(std::move(read)) {}

  Result<std::string_view> next() {
    if (auto got = bytes(); !got) {
      return std::unexpected(std::move(got.error()));
    }
    if (!decided_) {
      decided_ = true;
      utf16_ = utf16_order(piece_);
    }
    if (!utf16_) {
      return piece_;
    }
    while (!piece_.empty()) {
      text_ = decoder_.utf8(piece_, *utf16_);
      if (!text_.empty()) {
        return text_;
      }
      if (auto got = bytes(); !got) {
        return std::unexpected(std::move(got.error()));
      }
    }
    return std::string_view();
  }

  [[nodiscard]] bool damaged() const { return unpacked_ != nullptr && unpacked_->damaged(); }

 private:
  // Unpacked bytes into piece_.
  Result<void> bytes() {
    if (!started_) {
      started_ = true;
      return start();
    }
    if (unpacked_ != nullptr) {
      return unpacked_->next(piece_);
    }
    piece_.resize(kPiece);
    const Result<std::size_t> got = read_(piece_);
    piece_.resize(got ? *got : 0);
    if (!got) {
      return std::unexpected(got.error());
    }
    return {};
  }

  Result<void> start() {
    piece_.clear();
    while (piece_.size() < kFirst) {
      const std::size_t before = piece_.size();
      piece_.resize(kPiece);
      MEDIC_TRY(const std::size_t got, read_(std::span(piece_).subspan(before)));
      piece_.resize(before + got);
      if (got == 0) {
        break;
      }
    }
    if (auto unpacker = unpacker_for(piece_)) {
      unpacked_ = std::make_unique<UnpackedBeside>(std::move(unpacker), std::move(piece_),
                                                   std::move(read_));
      return unpacked_->next(piece_);
    }
    return {};
  }

  Read read_;
  std::string piece_;
  std::string text_;
  std::unique_ptr<UnpackedBeside> unpacked_;
  Utf16Decoder decoder_;
  std::optional<ByteOrder> utf16_;
  bool started_ = false;
  bool decided_ = false;
};

LogSource::LogSource(Read read) : chain_(std::make_unique<Chain>(std::move(read))) {}
LogSource::LogSource(LogSource&& other) noexcept = default;
LogSource& LogSource::operator=(LogSource&& other) noexcept = default;
LogSource::~LogSource() = default;

Result<std::string_view> LogSource::next() {
  return chain_->next();
}

bool LogSource::damaged() const {
  return chain_->damaged();
}

}  // namespace medic::explain
