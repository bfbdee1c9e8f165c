#include "explain/unpacking.h"

#include <zlib.h>
#include <zstd.h>

#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace medic::explain {
namespace {

class Gzip : public Unpacker {
 public:
  Gzip() {
    constexpr int kGzipOnly = 16;  // added to the window bits, see zlib.h: inflateInit2
    ready_ = inflateInit2(&stream_, MAX_WBITS + kGzipOnly) == Z_OK;
  }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  Gzip(Gzip&&) = delete;
  Gzip& operator=(Gzip&&) = delete;
  ~Gzip() override { inflateEnd(&stream_); }

  Step unpack(std::string_view input, std::span<char> room) override {
    if (!ready_) {
      return {.taken = 0, .made = 0, .damaged = true};
    }
    input_.assign(input);  // zlib wants it writable
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(input_.size());
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = static_cast<uInt>(room.size());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    const Step step{.taken = input_.size() - stream_.avail_in,
                    .made = room.size() - stream_.avail_out,
                    .damaged = status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR};
    if (status == Z_STREAM_END) {
      inflateReset(&stream_);  // another member may follow (RFC 1952 2.2), as logrotate appends
    }
    return step;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
  std::string input_;
};

struct ZstdFree {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

class Zstd : public Unpacker {
 public:
  Zstd() : context_(ZSTD_createDCtx()) {
    // A frame may ask for a window of gigabytes; 8 MiB is what every decoder must support (RFC 8878
    // 3.1.1.1.2).
    constexpr int kWindowLog = 23;
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLog);
  }

  Step unpack(std::string_view input, std::span<char> room) override {
    ZSTD_inBuffer in{.src = input.data(), .size = input.size(), .pos = 0};
    ZSTD_outBuffer out{.dst = room.data(), .size = room.size(), .pos = 0};
    const std::size_t status = ZSTD_decompressStream(context_.get(), &out, &in);
    return {.taken = in.pos, .made = out.pos, .damaged = ZSTD_isError(status) != 0};
  }

 private:
  std::unique_ptr<ZSTD_DCtx, ZstdFree> context_;
};

}  // namespace

std::unique_ptr<Unpacker> unpacker_for(std::string_view first_bytes) {
  if (first_bytes.starts_with("\x1f\x8b\x08")) {
    return std::make_unique<Gzip>();
  }
  if (first_bytes.starts_with("\x28\xb5\x2f\xfd")) {
    return std::make_unique<Zstd>();
  }
  return nullptr;
}

}  // namespace medic::explain
