#include "probe/starttls.h"

namespace medic::probe {
namespace {

constexpr std::uint16_t kPorts[] = {119};
constexpr Move kScript[] = {
    expect("20"),  // 200 or 201: posting allowed or not
    send("STARTTLS\r\n"),
    expect("382"),
};

}  // namespace

extern constinit const StartTls starttls_nntp{
    .id = "nntp", .source = "RFC 4642", .ports = kPorts, .script = kScript};

}  // namespace medic::probe
