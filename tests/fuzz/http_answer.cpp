// An HTTP answer, whole and byte by byte: both must read the same.

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "probe/http_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using medic::probe::HttpReader;
  constexpr std::size_t kMaxBody = 4096;
  const medic::ByteView bytes(data, size);
  HttpReader whole(HttpReader::Content::Body, kMaxBody);
  whole.feed(bytes);
  whole.end();
  HttpReader slow(HttpReader::Content::Body, kMaxBody);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    slow.feed(bytes.subspan(i, 1));
  }
  slow.end();
  MEDIC_CHECK(whole.body().size() <= kMaxBody);
  if (whole.state() == HttpReader::State::Done) {
    MEDIC_CHECK(slow.state() == HttpReader::State::Done && slow.status() == whole.status() &&
                slow.body() == whole.body());
  }
  return 0;
}
