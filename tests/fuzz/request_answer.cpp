// What a server says to `request`: HTTP/1.1 and HTTP/2 in pieces of several sizes, and a Location
// header. The first byte chooses.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "request/http_session.h"
#include "request/steps.h"

namespace {

using medic::request::Exchange;

constexpr std::size_t kMaxBody = 4096;

void converse(medic::request::HttpSession& session, medic::ByteView bytes, std::size_t piece) {
  static const medic::request::Request kRequest{.url =
                                                    *medic::request::parse_url("https://a.test/")};
  Exchange first{.request = &kRequest, .method = "GET", .url = kRequest.url};
  Exchange second{.request = &kRequest, .method = "HEAD", .url = kRequest.url};
  std::size_t finished = 0;
  std::size_t submitted = 1;
  session.submit(first);
  while (!bytes.empty()) {
    const std::size_t count = std::min(piece, bytes.size());
    session.feed(bytes.first(count), {});
    bytes = bytes.subspan(count);
    finished += session.take_finished().size();
    static_cast<void>(session.take_output());
    if (finished == 1 && submitted == 1 && session.has_room()) {
      session.submit(second);
      ++submitted;
    }
  }
  session.end(medic::request::End::Ordered);
  finished += session.take_finished().size();
  MEDIC_CHECK(finished == submitted && session.active() == 0);
  MEDIC_CHECK(first.answer.body.size() <= kMaxBody && second.answer.body.size() <= kMaxBody);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const medic::ByteView bytes(data + 1, size - 1);
  const std::size_t piece = data[0] / 3U + 1U;
  if (data[0] % 3 == 2) {
    static const medic::request::Url kBase = *medic::request::parse_url("https://a.test/b/c?d");
    const auto url = medic::request::resolved_location(kBase, medic::as_text(bytes));
    if (url) {  // what is asked next must be writable into one request line
      const std::string line = url->path_and_query() + url->authority();
      MEDIC_CHECK(line.find_first_of(" \r\n") == std::string::npos);
    }
    return 0;
  }
  const auto session = data[0] % 3 == 0 ? medic::request::make_http1({.body_bytes = kMaxBody})
                                        : medic::request::make_http2({.body_bytes = kMaxBody});
  converse(*session, bytes, piece);
  return 0;
}
