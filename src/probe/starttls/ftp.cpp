#include "probe/starttls.h"

namespace medic::probe {
namespace {

constexpr std::uint16_t kPorts[] = {21};
constexpr Move kScript[] = {
    expect("220"),
    send("AUTH TLS\r\n"),
    expect("234"),
};

}  // namespace

extern constinit const StartTls starttls_ftp{
    .id = "ftp", .source = "RFC 4217 section 4", .ports = kPorts, .script = kScript};

}  // namespace medic::probe
