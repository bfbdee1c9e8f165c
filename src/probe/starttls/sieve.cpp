#include "probe/starttls.h"

namespace medic::probe {
namespace {

constexpr std::uint16_t kPorts[] = {4190};
constexpr Move kScript[] = {
    expect_line("OK", "\"", "STARTTLS"),  // the greeting lists capabilities, quoted
    send("STARTTLS\r\n"),
    expect_line("OK"),
};

}  // namespace

extern constinit const StartTls starttls_sieve{
    .id = "sieve", .source = "RFC 5804 section 2.2", .ports = kPorts, .script = kScript};

}  // namespace medic::probe
