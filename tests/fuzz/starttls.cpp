// Every STARTTLS dialogue with a server's bytes: the first octet chooses the protocol. Whole and
// byte by byte must agree on whether TLS may begin.

#include "probe/starttls.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using medic::probe::Dialogue;
  if (size < 1) {
    return 0;
  }
  const auto all = medic::probe::starttls_registry();
  const medic::probe::StartTls& protocol = *all[data[0] % all.size()];
  const medic::ByteView bytes(data + 1, size - 1);
  Dialogue slow(protocol, "host.example");
  for (std::size_t i = 0; i < bytes.size() && slow.state() == Dialogue::State::Talking; ++i) {
    slow.feed(bytes.subspan(i, 1));
  }
  Dialogue whole(protocol, "host.example");
  whole.feed(bytes);
  MEDIC_CHECK(whole.transcript().size() <= 1024 && whole.reason().size() <= 200);
  if (whole.state() == Dialogue::State::Ready) {
    MEDIC_CHECK(slow.state() == Dialogue::State::Ready);
  }
  return 0;
}
