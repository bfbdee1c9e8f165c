#include <algorithm>

#include "probe/starttls.h"

namespace medic::probe {
namespace {

using namespace std::string_view_literals;

constexpr auto kNothing = std::string_view::npos;

std::size_t end_of(std::string_view buffer, std::string_view marker) {
  const std::size_t at = buffer.find(marker);
  return at == kNothing ? kNothing : at + marker.size();
}

// A stream is XML that begins with '<' after white space; anything else is another protocol.
bool is_xml(std::string_view buffer) {
  const std::size_t at = buffer.find_first_not_of(" \t\r\n");
  return at == kNothing || buffer[at] == '<';
}

std::size_t until(std::string_view buffer, std::initializer_list<std::string_view> markers) {
  if (!is_xml(buffer)) {
    return kNothing;
  }
  std::size_t end = kNothing;
  for (const std::string_view marker : markers) {
    end = std::min(end, end_of(buffer, marker));
  }
  return end == kNothing ? 0 : end;
}

std::size_t features(std::string_view buffer) {
  return until(buffer, {"</stream:features>", "<stream:features/>", "</stream:error>",
                        "</stream:stream>", "</features>"});
}

std::string_view offers_tls(std::string_view message) {
  if (message.find("stream:error>") != kNothing || message.find("</stream:stream>") != kNothing) {
    return "the server ends the stream with an error";
  }
  return message.find("urn:ietf:params:xml:ns:xmpp-tls") == kNothing ? "STARTTLS is not offered"sv
                                                                     : std::string_view{};
}

// <proceed .../> or <failure .../>: the end of the first element, empty or not.
std::size_t element(std::string_view buffer) {
  if (!is_xml(buffer)) {
    return kNothing;
  }
  const std::size_t end = buffer.find('>');
  if (end == kNothing || (end > 0 && buffer[end - 1] == '/')) {
    return end == kNothing ? 0 : end + 1;
  }
  return until(buffer, {"</proceed>", "</failure>", "</stream:stream>", "</stream:error>"});
}

std::string_view proceeds(std::string_view message) {
  return message.find("<proceed") == kNothing ? "the server refuses STARTTLS"sv
                                              : std::string_view{};
}

constexpr std::uint16_t kPorts[] = {5222};
constexpr Move kScript[] = {
    send("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
         "xmlns:stream='http://etherx.jabber.org/streams' to='{host}' version='1.0'>"),
    expect_message(features, offers_tls),
    send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
    expect_message(element, proceeds),
};

}  // namespace

extern constinit const StartTls starttls_xmpp{
    .id = "xmpp", .source = "RFC 6120 section 5", .ports = kPorts, .script = kScript};

}  // namespace medic::probe
