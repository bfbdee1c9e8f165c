#include "probe/http_reader.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace medic::probe {
namespace {

struct AnswerCase {
  std::string_view bytes;
  std::string_view result;  // "status:body", or the problem
  std::string_view why;
};

constexpr AnswerCase kAnswers[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200:hi", "a length"},
    {"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "200:", "length zero, lower case"},
    {"HTTP/1.0 200 OK\r\n\r\nhi", "200:hi", "until close"},
    {"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", "200:hi", "no reason phrase"},
    {"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "200:hi", "bare LF"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", "200:hi",
     "chunks"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: "
     "Chunked\r\n\r\n1;x=y\r\nh\r\nA\r\n0123456789\r\n0\r\nT: "
     "1\r\n\r\n",
     "200:h0123456789", "extension, hexadecimal size, trailer"},
    {"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200:hi",
     "an interim answer first"},
    {"HTTP/1.1 204 No Content\r\n\r\n", "204:", "no body by definition"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", "the answer ended early", "cut short"},
    {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "Content-Length is not a number", "no number"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
     "Content-Length is not a number", "does not overflow"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n", "body over 64 bytes", "refused beforehand"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
     "body over 64 bytes", "a huge chunk"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "chunk size is not a number",
     "a negative chunk"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nhi\r\n",
     "chunk longer than its size", "chunks that lie"},
    {"HTTP/1.1 2x0 OK\r\n\r\n", "not an HTTP answer", "no status"},
    {"HTTP/2 200\r\n\r\n", "not an HTTP answer", "another version"},
    {"220 smtp\r\n", "not an HTTP answer", "another protocol"},
    {"HTT", "not a whole HTTP answer", "cut short in the first word"},
    {"", "closed without an answer", "nothing"},
};

TEST(HttpReader, AnswersAreReadWholeAndByteByByte) {
  for (const AnswerCase& c : kAnswers) {
    for (const std::size_t step : {std::size_t{65536}, std::size_t{1}}) {
      SCOPED_TRACE(fmt::format("{} ({} bytes at a time)", c.why, step));
      HttpReader reader(HttpReader::Content::Body, 64);
      for (std::size_t at = 0; at < c.bytes.size(); at += step) {
        reader.feed(as_bytes(c.bytes.substr(at, step)));
      }
      reader.end();
      const std::string result = reader.state() == HttpReader::State::Done
                                     ? fmt::format("{}:{}", reader.status(), as_text(reader.body()))
                                     : reader.problem();
      EXPECT_EQ(result, c.result);
    }
  }
}

// A limit on what is in the buffer would depend on how the network cut the bytes.
TEST(HttpReader, LimitsDoNotDependOnHowTheBytesWereCut) {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string interim;
  for (int i = 0; i < 100'000; ++i) {
    interim += "HTTP/1.1 100\n\n";
  }
  const struct {
    std::string bytes;
    std::string_view problem;
  } rows[] = {
      {chunked + "0;" + std::string(300, 'x') + "\r\n\r\n", "chunk size line too long"},
      {chunked + "0\r\nT: " + std::string(20'000, 'x') + "\r\n\r\n", "trailer too long"},
      {"HTTP/1.1 200 OK\r\nA: " + std::string(20'000, 'x') + "\r\n\r\n", "head over 16384 bytes"},
      {interim, "interim answers without end"},
  };
  for (const auto& row : rows) {
    for (const std::size_t step : {row.bytes.size(), std::size_t{7}}) {
      SCOPED_TRACE(fmt::format("{} ({} bytes at a time)", row.problem, step));
      HttpReader reader(HttpReader::Content::Body, 64);
      for (std::size_t at = 0; at < row.bytes.size() && reader.state() != HttpReader::State::Bad;
           at += step) {
        reader.feed(as_bytes(std::string_view(row.bytes).substr(at, step)));
      }
      EXPECT_EQ(reader.problem(), row.problem);
    }
  }
}

TEST(HttpReader, AnEndlessBodyStopsAtTheBound) {
  HttpReader reader(HttpReader::Content::Body, 1000);
  reader.feed(as_bytes("HTTP/1.1 200 OK\r\n\r\n"));
  for (int i = 0; i < 100; ++i) {
    reader.feed(as_bytes(std::string(100, 'x')));
  }
  EXPECT_EQ(reader.state(), HttpReader::State::Bad);
  EXPECT_LE(reader.body().size(), 1000U);
}

TEST(HttpReader, HeadersAreFoundWhateverTheirCase) {
  HttpReader reader(HttpReader::Content::HeadOnly, 0);
  reader.feed(as_bytes("HTTP/1.1 200 OK\r\nDATE:  now \r\nDate: later\r\n\r\nrest"));
  EXPECT_EQ(reader.header("date"), "now");
  EXPECT_EQ(reader.header("server"), "");
  EXPECT_EQ(reader.rest(), "rest");
}

}  // namespace
}  // namespace medic::probe
