#include <algorithm>

#include "probe/starttls.h"

namespace medic::probe {
namespace {

// ":server 670 nick :text"; servers send NOTICEs at any time before it.
LineVerdict starttls_numeric(std::string_view line) {
  if (line.starts_with(':')) {
    line.remove_prefix(std::min(line.find(' ') + 1, line.size()));
  }
  if (line.starts_with("670 ")) {
    return LineVerdict::Accept;
  }
  return line.starts_with("NOTICE ") || line.starts_with("PING ") ? LineVerdict::PassOver
                                                                  : LineVerdict::Refuse;
}

constexpr std::uint16_t kPorts[] = {6667};
constexpr Move kScript[] = {
    send("STARTTLS\r\n"),
    expect_line(starttls_numeric),
};

}  // namespace

extern constinit const StartTls starttls_irc{
    .id = "irc", .source = "IRCv3 tls extension", .ports = kPorts, .script = kScript};

}  // namespace medic::probe
