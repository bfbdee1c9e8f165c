// The bytes of a log, however they come: in pieces, packed, in UTF-16, damaged.

#include "explain/log_source.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "explain/utf16.h"

namespace medic::explain {
namespace {

// Gives at most `most` bytes at a time.
LogSource::Read reader(std::string bytes, std::size_t most) {
  return [bytes = std::move(bytes), at = std::size_t{0},
          most](std::span<char> room) mutable -> Result<std::size_t> {
    const std::size_t n = std::min({room.size(), most, bytes.size() - at});
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), n, room.begin());
    at += n;
    return n;
  };
}

struct Outcome {
  std::string text;
  bool damaged = false;
  bool failed = false;
};

Outcome read_all(LogSource::Read read) {
  LogSource source(std::move(read));
  Outcome outcome;
  while (true) {
    const auto piece = source.next();
    if (!piece) {
      outcome.failed = true;
      return outcome;
    }
    if (piece->empty()) {
      outcome.damaged = source.damaged();
      return outcome;
    }
    outcome.text += *piece;
  }
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  constexpr int kGzip = 16;  // added to the window bits, see zlib.h: deflateInit2
  EXPECT_EQ(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzip, 8,
                         Z_DEFAULT_STRATEGY),
            Z_OK);
  std::string input = text;
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

std::string utf16(std::u16string_view text, ByteOrder order) {
  std::string out;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xffU);
    const char high = static_cast<char>(unit >> 8U);
    out += order == ByteOrder::Little ? low : high;
    out += order == ByteOrder::Little ? high : low;
  }
  return out;
}

std::string long_log() {
  std::string text;
  for (int line = 0; text.size() < 600000; ++line) {
    text += "line " + std::to_string(line) + " of a log\n";
  }
  return text;
}

TEST(LogSource, GivesTheTextWhateverItCameIn) {
  const std::string log = long_log();
  struct Row {
    std::string bytes;
    std::string text;
    std::size_t most;
    std::string_view why;
  };
  const Row rows[] = {
      {"", "", 7, "nothing"},
      {"short", "short", 1, "a byte at a time"},
      {log, log, 100000, "larger than a piece"},
      {gzip(log), log, 4096, "gzip"},
      {gzip("first\n") + gzip("second\n"), "first\nsecond\n", 5,
       "two members, as logrotate appends"},
      {utf16(u"\ufeff오류: SSL \U0001f512", ByteOrder::Little), "\ufeff오류: SSL \U0001f512", 3,
       "UTF-16 with a mark, cut inside units and surrogates"},
      {utf16(u"\ufeffSSL error", ByteOrder::Big), "\ufeffSSL error", 1000, "the other byte order"},
      {utf16(u"certificate verify failed", ByteOrder::Little), "certificate verify failed", 1000,
       "no mark: every other byte is zero"},
      {gzip(utf16(u"\ufeffin both", ByteOrder::Little)), "\ufeffin both", 1000, "UTF-16 in gzip"}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    const Outcome outcome = read_all(reader(row.bytes, row.most));
    EXPECT_EQ(outcome.text, row.text);
    EXPECT_FALSE(outcome.damaged);
    EXPECT_FALSE(outcome.failed);
  }
}

TEST(LogSource, KeepsWhatCameBeforeTheDamage) {
  const std::string log = long_log();
  std::string packed = gzip(log);
  std::fill(packed.begin() + static_cast<std::ptrdiff_t>(packed.size() / 2), packed.end(), '\xff');
  const Outcome outcome = read_all(reader(packed, 4096));
  EXPECT_TRUE(outcome.damaged);
  EXPECT_GT(outcome.text.size(), 1000U);
  EXPECT_TRUE(log.starts_with(outcome.text.substr(0, 1000)));
}

TEST(LogSource, SaysThatItCouldNotRead) {
  const std::string packed = gzip(long_log());
  for (const std::string& bytes : {std::string("plain"), packed.substr(0, 2000)}) {
    const auto good = std::make_shared<LogSource::Read>(reader(bytes, 1000));
    const auto failing = [good](std::span<char> room) -> Result<std::size_t> {
      auto got = (*good)(room);
      return got && *got == 0 ? Result<std::size_t>(fail(ErrorKind::Io, "the disk is gone")) : got;
    };
    EXPECT_TRUE(read_all(failing).failed);
  }
}

TEST(LogSource, MayBeLeftBeforeItsEnd) {
  LogSource source(reader(gzip(long_log()), 4096));
  ASSERT_TRUE(source.next());  // the thread that unpacks is still at work
}

}  // namespace
}  // namespace medic::explain
