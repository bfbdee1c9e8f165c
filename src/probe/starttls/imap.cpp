#include "probe/starttls.h"

namespace medic::probe {
namespace {

constexpr std::uint16_t kPorts[] = {143};
constexpr Move kScript[] = {
    expect_line("* OK"),  // PREAUTH and BYE leave no way to STARTTLS
    send("a1 CAPABILITY\r\n"), expect_line("a1 OK", "* ", "STARTTLS"),
    send("a2 STARTTLS\r\n"),   expect_line("a2 OK", "* "),
};

}  // namespace

extern constinit const StartTls starttls_imap{
    .id = "imap", .source = "RFC 9051 section 6.2.1", .ports = kPorts, .script = kScript};

}  // namespace medic::probe
