#include "probe/protocol.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace medic::probe {
namespace {

using namespace std::string_view_literals;

struct FirstCase {
  std::string_view bytes;
  FirstBytes kind;
  std::string_view why;
};

constexpr FirstCase kFirst[] = {
    {"", FirstBytes::TooFewToSay, "nothing yet"},
    {"\x16\x03", FirstBytes::TooFewToSay, "the start of a record"},
    {"\x16\x03\x03\x00\x7a"sv, FirstBytes::TlsRecord, "a handshake record"},
    {"\x15\x03\x01\x00\x02"sv, FirstBytes::TlsRecord, "an alert is TLS"},
    {"\x16\x03\x03\x00\x00"sv, FirstBytes::SomethingElse, "an empty handshake record"},
    {"\x16\x03\x03\xff\xff", FirstBytes::SomethingElse, "longer than any record"},
    {"\x16\x02\x03", FirstBytes::SomethingElse, "version 2"},
    {"\x17\x03\x03\x00\x10"sv, FirstBytes::SomethingElse, "data cannot come first"},
    {"H", FirstBytes::SomethingElse, "one byte is enough to know"},
};

TEST(Protocol, TlsIsToldFromTheRestByTheFirstBytes) {
  for (const FirstCase& c : kFirst) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(first_bytes_of(as_bytes(c.bytes)), c.kind);
  }
}

struct NameCase {
  std::string_view bytes;
  std::string_view protocol;
};

constexpr NameCase kNames[] = {
    {"HTTP/1.1 400 Bad Request\r\n", "http"},
    {"<html><body>proxy error", "http"},
    {"220 mx.example ESMTP Postfix\r\n", "smtp"},
    {"220 ProFTPD Server\r\n", "ftp"},
    {"220 ready\r\n", "smtp"},
    {"200 news.example InterNetNews\r\n", "nntp"},
    {"* OK [CAPABILITY IMAP4rev1] ready\r\n", "imap"},
    {"+OK POP3 ready\r\n", "pop3"},
    {"SSH-2.0-OpenSSH_9.2\r\n", "ssh"},
    {"\x4a\x00\x00\x00\x0a"
     "8.0.36"sv,
     "mysql"},
    {"E\x00\x00\x00\x8bSFATAL"sv, "postgres"},
    {"\x03\x00\x00\x13\x0e\xd0"sv, "rdp"},
    {"<?xml version='1.0'?><stream:stream", "xmpp"},
    {":irc.example NOTICE * :*** Looking up", "irc"},
    {"\"IMPLEMENTATION\" \"Dovecot\"", "sieve"},
    {"RFB 003.008\n", "vnc"},
    {"-ERR unknown command", "pop3"},
    {"-NOAUTH Authentication required", "redis"},
    {"\x80\x81\x82garbage", "unknown"},
    {"", "unknown"},
};

TEST(Protocol, BannersAreRecognised) {
  for (const NameCase& c : kNames) {
    SCOPED_TRACE(escaped(c.bytes));
    EXPECT_EQ(recognised_protocol(as_bytes(c.bytes)), c.protocol);
  }
}

}  // namespace
}  // namespace medic::probe
