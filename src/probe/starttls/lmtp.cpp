#include "probe/starttls.h"

namespace medic::probe {
namespace {

constexpr std::uint16_t kPorts[] = {24};
constexpr Move kScript[] = {
    expect("220"),
    send("LHLO tlsmedic.invalid\r\n"),
    expect_offer("250", "STARTTLS"),
    send("STARTTLS\r\n"),
    expect("220"),
};

}  // namespace

extern constinit const StartTls starttls_lmtp{
    .id = "lmtp", .source = "RFC 2033, RFC 3207", .ports = kPorts, .script = kScript};

}  // namespace medic::probe
