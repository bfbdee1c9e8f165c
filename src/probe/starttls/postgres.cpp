#include "probe/starttls.h"

namespace medic::probe {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSslRequest = "\x00\x00\x00\x08\x04\xd2\x16\x2f"sv;

std::size_t one_octet(std::string_view buffer) {
  return buffer.empty() ? 0 : 1;
}

std::string_view ssl_answer(std::string_view message) {
  switch (message.front()) {
    case 'S':
      return {};
    case 'N':
      return "the server is not configured for TLS";
    case 'E':
      return "the server answers with an error";
    default:
      return "not a reply of the protocol";
  }
}

constexpr std::uint16_t kPorts[] = {5432};
constexpr Move kScript[] = {
    send(kSslRequest),
    expect_message(one_octet, ssl_answer),
};

}  // namespace

extern constinit const StartTls starttls_postgres{
    .id = "postgres",
    .source = "PostgreSQL documentation, Message Flow, SSL Session Encryption",
    .ports = kPorts,
    .script = kScript};

}  // namespace medic::probe
