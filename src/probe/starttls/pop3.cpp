#include "probe/starttls.h"

namespace medic::probe {
namespace {

constexpr std::uint16_t kPorts[] = {110};
constexpr Move kScript[] = {
    expect_line("+OK"),
    send("STLS\r\n"),  // CAPA is optional for servers, so its answer would prove nothing
    expect_line("+OK"),
};

}  // namespace

extern constinit const StartTls starttls_pop3{
    .id = "pop3", .source = "RFC 2595 section 4", .ports = kPorts, .script = kScript};

}  // namespace medic::probe
