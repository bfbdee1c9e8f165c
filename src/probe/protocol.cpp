#include "probe/protocol.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace medic::probe {
namespace {

struct Prefix {
  std::string_view text;
  const char* protocol = "";
};

constexpr std::array kPrefixes{
    Prefix{"HTTP/", "http"},
    Prefix{"<!DOCTYPE", "http"},  // HTTP/0.9, and proxies that answer a ClientHello in HTML alone
    Prefix{"<!doctype", "http"},
    Prefix{"<html", "http"},
    Prefix{"<HTML", "http"},
    Prefix{"SSH-", "ssh"},
    Prefix{"* OK", "imap"},
    Prefix{"* PREAUTH", "imap"},
    Prefix{"* BYE", "imap"},
    Prefix{"+OK", "pop3"},
    Prefix{"-ERR ", "pop3"},
    Prefix{"<?xml", "xmpp"},
    Prefix{"<stream:", "xmpp"},
    Prefix{"RFB ", "vnc"},
    Prefix{"AMQP", "amqp"},
    Prefix{"-DENIED", "redis"},
    Prefix{"-NOAUTH", "redis"},
    Prefix{"-ERR", "redis"},
    Prefix{"\"IMPLEMENTATION\"", "sieve"},
    Prefix{"ERROR :", "irc"},
    Prefix{"NOTICE ", "irc"},
};

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

// Three digits, then a space or hyphen: SMTP, FTP and NNTP share the form; the words tell.
const char* reply_code_protocol(std::string_view text) {
  if (text.size() < 4 || (text[3] != ' ' && text[3] != '-') ||
      !std::all_of(text.begin(), text.begin() + 3, [](char c) { return c >= '0' && c <= '9'; })) {
    return nullptr;
  }
  if (contains_ignoring_case(text, "smtp") || contains_ignoring_case(text, "lmtp")) {
    return "smtp";
  }
  if (contains_ignoring_case(text, "ftp")) {
    return "ftp";
  }
  if (text.starts_with("200 ") || text.starts_with("201 ")) {
    return "nntp";
  }
  // RFC 5321 section 4.2: a greeting is 220 or 554, or 421 when the service is not available.
  return "smtp";
}

bool is_mysql_greeting(ByteView b) {
  // Length (3, little-endian), sequence 0, then protocol 10 or an error packet.
  return b.size() >= 5 && b[3] == 0 && b[2] == 0 && (b[4] == 0x0A || b[4] == 0xFF) &&
         (b[0] != 0 || b[1] != 0);
}

bool is_postgres_error(ByteView b) {
  // 'E', a 4-octet length, then a field type; a small length keeps "E..." text out.
  return b.size() >= 6 && b[0] == 'E' && b[1] == 0 && b[2] == 0 &&
         (b[5] == 'S' || b[5] == 'F' || b[5] == 'i' || b[5] == 'u');
}

}  // namespace

FirstBytes first_bytes_of(ByteView bytes) {
  constexpr std::uint8_t kAlert = 21;
  constexpr std::uint8_t kHandshake = 22;
  constexpr unsigned kMaxRecord = 16384 + 2048;  // RFC 5246 section 6.2.3
  if (!bytes.empty() && bytes[0] != kAlert && bytes[0] != kHandshake) {
    return FirstBytes::SomethingElse;
  }
  if ((bytes.size() > 1 && bytes[1] != 3) || (bytes.size() > 2 && bytes[2] > 4)) {
    return FirstBytes::SomethingElse;
  }
  if (bytes.size() < 5) {
    return FirstBytes::TooFewToSay;
  }
  const unsigned length = static_cast<unsigned>(bytes[3]) << 8U | bytes[4];
  return length == 0 || length > kMaxRecord ? FirstBytes::SomethingElse : FirstBytes::TlsRecord;
}

std::string recognised_protocol(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  for (const Prefix& prefix : kPrefixes) {
    if (text.starts_with(prefix.text)) {
      return prefix.protocol;
    }
  }
  if (const char* const by_code = reply_code_protocol(text)) {
    return by_code;
  }
  if (text.starts_with(':') && contains_ignoring_case(text, " NOTICE ")) {
    return "irc";
  }
  if (is_postgres_error(bytes)) {
    return "postgres";
  }
  if (is_mysql_greeting(bytes)) {
    return "mysql";
  }
  if (bytes.size() >= 4 && bytes[0] == 3 && bytes[1] == 0) {  // TPKT, RFC 1006 section 6
    return "rdp";
  }
  if (bytes.size() == 2 && bytes[0] == 5) {  // a SOCKS5 method selection
    return "socks";
  }
  if (bytes.size() >= 7 && bytes[0] == 0x30 && (bytes[2] == 2 || bytes[3] == 2)) {
    return "ldap";
  }
  return "unknown";
}

}  // namespace medic::probe
