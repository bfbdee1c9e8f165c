// The whole talk of a probe, fed with a peer's bytes: records, handshake messages, banners, and
// what comes through a proxy. The first octet chooses the route; the rest arrives in uneven pieces.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "probe/session.h"

namespace {

using medic::ByteView;
using medic::probe::Ending;
using medic::probe::Instant;
using medic::probe::Session;
using medic::probe::SessionPlan;

const medic::target::Proxy& proxy_of(unsigned choice) {
  static const medic::target::Proxy kHttp = *medic::target::parse_proxy("http://u:p@p:1");
  static const medic::target::Proxy kTls = *medic::target::parse_proxy("https://p:1");
  static const medic::target::Proxy kSocks = *medic::target::parse_proxy("socks5h://u:p@p:1");
  return choice == 0 ? kHttp : choice == 1 ? kTls : kSocks;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) {
    return 0;
  }
  const unsigned choice = data[0];
  ByteView bytes(data + 1, size - 1);
  SessionPlan plan;
  plan.spec.address = "192.0.2.1";
  plan.spec.sni = "host.example";
  plan.spec.http = (choice & 1U) != 0;
  if ((choice & 2U) != 0) {
    plan.spec.offer = medic::evidence::Offer::Everything;
    plan.spec.min_version = medic::evidence::TlsVersion::Tls10;
    plan.spec.max_version = medic::evidence::TlsVersion::Tls12;
  }
  if ((choice & 12U) != 0) {
    plan.proxy = &proxy_of((choice >> 2U & 3U) - 1);
  }
  if ((choice & 16U) != 0) {
    plan.starttls = medic::probe::find_starttls("smtp");
  }
  const Instant now{};
  Session session(plan, now);
  session.connected("192.0.2.1", now);
  std::size_t step = 1;
  while (!bytes.empty() && !session.finished()) {
    session.take_output();
    const std::size_t count = std::min(step, bytes.size());
    session.received(bytes.first(count), now);
    bytes = bytes.subspan(count);
    step = step * 3 % 257 + 1;
  }
  if (!session.finished()) {
    session.closed((choice & 32U) != 0 ? Ending::Reset : Ending::Fin, now);
  }
  session.take_output();
  return 0;
}
