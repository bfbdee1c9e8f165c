#include "probe/starttls.h"

namespace medic::probe {
namespace {

constexpr std::uint16_t kPorts[] = {25, 587};
constexpr Move kScript[] = {
    expect("220"),                      // greeting, maybe many lines
    send("EHLO tlsmedic.invalid\r\n"),  // RFC 6761: .invalid never resolves
    expect_offer("250", "STARTTLS"),
    send("STARTTLS\r\n"),
    expect("220"),
};

}  // namespace

extern constinit const StartTls starttls_smtp{
    .id = "smtp", .source = "RFC 3207", .ports = kPorts, .script = kScript};

}  // namespace medic::probe
