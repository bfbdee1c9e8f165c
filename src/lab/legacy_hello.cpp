#include "lab/legacy_hello.h"

#include <openssl/ssl.h>

#include <cstdint>
#include <span>

namespace medic::lab {
namespace {

constexpr std::uint8_t kClientHello = 1;
constexpr std::size_t kHandshakeHeader = 4;
constexpr unsigned kSignallingSuite = 0x00FF;    // TLS_EMPTY_RENEGOTIATION_INFO_SCSV
constexpr unsigned kRenegotiationInfo = 0xFF01;  // extension renegotiation_info
// RFC 8701 values, which every server ignores.
constexpr std::uint8_t kGrease = 0x0A;

// A cursor over the ClientHello; every read is checked, a short message ends the walk.
class Walk {
 public:
  explicit Walk(std::span<std::uint8_t> hello) : rest_(hello) {}

  std::span<std::uint8_t> take(std::size_t size) {
    if (size > rest_.size()) {
      rest_ = {};
      return {};
    }
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  unsigned number(std::size_t size) {
    unsigned value = 0;
    for (const std::uint8_t octet : take(size)) {
      value = value * 256 + octet;
    }
    return value;
  }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  std::span<std::uint8_t> rest_;
};

void rename_if(std::span<std::uint8_t> value, unsigned wanted) {
  if (value.size() == 2 && value[0] * 256U + value[1] == wanted) {
    value[0] = kGrease;
    value[1] = kGrease;
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): OpenSSL's callback has seven parameters.
void hide_renegotiation_info(int sent, int /*version*/, int content_type, const void* buffer,
                             std::size_t size, ssl_st* /*ssl*/, void* /*unused*/) {
  if (sent != 0 || content_type != SSL3_RT_HANDSHAKE || size < kHandshakeHeader) {
    return;
  }
  // The buffer is libssl's own receive buffer, which is not const; see the header.
  auto* bytes = static_cast<std::uint8_t*>(const_cast<void*>(buffer));
  if (bytes[0] != kClientHello) {
    return;
  }
  Walk hello(std::span(bytes, size).subspan(kHandshakeHeader));
  hello.take(2 + 32);  // legacy_version, random
  hello.take(hello.number(1));
  Walk suites(hello.take(hello.number(2)));
  while (!suites.empty()) {
    rename_if(suites.take(2), kSignallingSuite);
  }
  hello.take(hello.number(1));  // compression methods
  Walk extensions(hello.take(hello.number(2)));
  while (!extensions.empty()) {
    rename_if(extensions.take(2), kRenegotiationInfo);
    extensions.take(extensions.number(2));
  }
}

}  // namespace medic::lab
