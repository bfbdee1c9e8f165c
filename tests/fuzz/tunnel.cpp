// What a proxy answers to CONNECT or as SOCKS5, whole and byte by byte: both must decide the same,
// and nothing that can be read back holds the credentials. The first octet chooses the proxy.

#include "probe/tunnel.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"

namespace {

using medic::ByteView;
using medic::probe::Tunnel;

constexpr std::string_view kPassword = "correct-horse-battery";

std::unique_ptr<Tunnel> tunnel_of(unsigned choice) {
  static const medic::target::Proxy kHttp =
      *medic::target::parse_proxy("http://u:correct-horse-battery@p:1");
  static const medic::target::Proxy kSocks = *medic::target::parse_proxy("socks5h://p:1");
  static const medic::target::Proxy kSigned =
      *medic::target::parse_proxy("socks5h://u:correct-horse-battery@p:1");
  const medic::target::Proxy& proxy = choice == 0 ? kHttp : choice == 1 ? kSocks : kSigned;
  return medic::probe::make_tunnel(proxy, "host.example", 443, medic::probe::Credentials::Send);
}

// As the session drives it: nothing is fed to a tunnel that has decided.
void feed(Tunnel& tunnel, ByteView bytes, std::size_t step) {
  while (!bytes.empty() && tunnel.state() == Tunnel::State::Asking) {
    const std::size_t count = bytes.size() < step ? bytes.size() : step;
    tunnel.feed(bytes.first(count));
    bytes = bytes.subspan(count);
  }
  if (tunnel.state() == Tunnel::State::Asking) {
    tunnel.end();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) {
    return 0;
  }
  const unsigned choice = data[0] % 3U;
  const ByteView bytes(data + 1, size - 1);
  const std::unique_ptr<Tunnel> whole = tunnel_of(choice);
  const std::unique_ptr<Tunnel> slow = tunnel_of(choice);
  feed(*whole, bytes, bytes.size());
  feed(*slow, bytes, 1);
  MEDIC_CHECK(whole->state() != Tunnel::State::Asking);
  MEDIC_CHECK(whole->state() == slow->state());
  MEDIC_CHECK(whole->refusal().status == slow->refusal().status);
  const std::string_view said = medic::as_text(bytes);
  if (said.find("correct-horse") == std::string_view::npos) {
    MEDIC_CHECK(whole->refusal().reason.find(kPassword) == std::string::npos);
    MEDIC_CHECK(whole->refusal().body_excerpt.find(kPassword) == std::string::npos);
  }
  MEDIC_CHECK(whole->refusal().body_excerpt.size() <= 256);
  MEDIC_CHECK(whole->take_inside().size() <= bytes.size());
  return 0;
}
