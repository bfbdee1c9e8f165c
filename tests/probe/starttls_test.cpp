#include "probe/starttls.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace medic::probe {
namespace {

using namespace std::string_literals;

struct Talk {
  std::string id;
  std::vector<std::string> server;  // each part is sent when the client has answered the one before
  std::string reason;               // empty: ready for TLS
  std::string why;
};

const std::vector<Talk>& talks() {
  static const std::vector<Talk> kTalks = {
      {"smtp",
       {"220 mx ESMTP\r\n", "250-mx\r\n250-SIZE 1\r\n250 STARTTLS\r\n", "220 go\r\n"},
       "",
       "RFC 3207"},
      {"smtp",
       {"220-one\r\n220-two\r\n220 three\r\n", "250-mx\r\n250-STARTTLS\r\n250 HELP\r\n",
        "220 go\n"},
       "",
       "a greeting of many lines, and a bare LF"},
      {"smtp", {"220 mx\r\n", "250 mx\r\n"}, "STARTTLS is not offered", "no extension at all"},
      {"smtp", {"220 mx\r\n", "250 XSTARTTLS-NOT\r\n"}, "STARTTLS is not offered", "another word"},
      {"smtp", {"554 no\r\n"}, "554 no", "refused at the greeting"},
      {"smtp", {"220 mx\r\n", "250 STARTTLS\r\n", "454 later\r\n"}, "454 later", "refused at last"},
      {"smtp",
       {"220 mx\r\n", "250 STARTTLS\r\n", "220 go\r\n250 injected\r\n"},
       "stray bytes after the last reply",
       "CVE-2011-0411"},
      {"smtp",
       {"HTTP/1.1 400 Bad Request\r\n\r\n"},
       "not a reply of the protocol: HTTP/1.1 400 Bad Request",
       "another protocol"},
      {"lmtp", {"220 l\r\n", "250-l\r\n250 STARTTLS\r\n", "220 go\r\n"}, "", "RFC 2033"},
      {"lmtp", {"220 l\r\n", "500 what\r\n"}, "500 what", "knows no LHLO"},
      {"imap",
       {"* OK ready\r\n", "* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK done\r\n", "a2 OK go\r\n"},
       "",
       "RFC 9051"},
      {"imap",
       {"* ok ready\r\n", "* CAPABILITY STARTTLS\r\na1 ok\r\n", "* X\r\na2 Ok\r\n"},
       "",
       "case, and an untagged line between"},
      {"imap",
       {"* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\na1 OK done\r\n"},
       "STARTTLS is not offered",
       "not in the list"},
      {"imap", {"* PREAUTH hi\r\n"}, "* PREAUTH hi", "already signed in: no STARTTLS any more"},
      {"imap", {"* BYE busy\r\n"}, "* BYE busy", "sent away"},
      {"pop3", {"+OK hi\r\n", "+OK go\r\n"}, "", "RFC 2595"},
      {"pop3", {"+OK hi\r\n", "-ERR what\r\n"}, "-ERR what", "not supported"},
      {"sieve",
       {"\"IMPLEMENTATION\" \"x\"\r\n\"STARTTLS\"\r\nOK\r\n", "OK \"go\"\r\n"},
       "",
       "RFC 5804"},
      {"sieve", {"\"SASL\" \"\"\r\nOK\r\n"}, "STARTTLS is not offered", "not in the list"},
      {"sieve", {"\"STARTTLS\"\r\nOK\r\n", "NO\r\n"}, "NO", "refused"},
      {"ftp", {"220-hi\r\nfree text\r\n220 ready\r\n", "234 go\r\n"}, "", "RFC 4217, RFC 959"},
      {"ftp", {"220 hi\r\n", "502 no\r\n"}, "502 no", "not supported"},
      {"nntp", {"201 no posting\r\n", "382 go\r\n"}, "", "RFC 4642"},
      {"nntp", {"200 hi\r\n", "580 no\r\n"}, "580 no", "refused"},
      {"irc", {":s NOTICE * :hello\r\n:s 670 * :go\r\n"}, "", "IRCv3"},
      {"irc", {":s 691 * :no\r\n"}, ":s 691 * :no", "refused"},
      {"ldap", {"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"s}, "", "RFC 4511"},
      {"ldap",
       {"\x30\x84\x00\x00\x00\x10\x02\x01\x01\x78\x84\x00\x00\x00\x07\x0a\x01\x00\x04\x00\x04\x00"s},
       "",
       "long lengths, as Active Directory writes them"},
      {"ldap",
       {"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\x00\x04\x00"s},
       "protocolError (2): StartTLS is not supported",
       "refused"},
      {"ldap", {"\x30\x03\x02\x01\x01"s}, "the answer is no extended response", "cut short"},
      {"ldap", {"\x30\xff"s}, "not a reply of the protocol", "a length of 127 octets"},
      {"postgres", {"S"}, "", "SSLRequest granted"},
      {"postgres", {"N"}, "the server is not configured for TLS", "refused"},
      {"postgres", {"SX"}, "stray bytes after the last reply", "CVE-2021-23222"},
      {"mysql",
       {"\x18\x00\x00\x00\x0a"
        "8.0\0"s
        "\x01\x00\x00\x00"s
        "saltsalt\0"s
        "\xff\xff\x2d\x02\x00\x00"s},
       "",
       "CLIENT_SSL offered"},
      {"mysql",
       {"\x18\x00\x00\x00\x0a"
        "8.0\0"s
        "\x01\x00\x00\x00"s
        "saltsalt\0"s
        "\xff\xf7\x2d\x02\x00\x00"s},
       "STARTTLS is not offered",
       "CLIENT_SSL missing"},
      {"mysql",
       {"\x08\x00\x00\x00\xff\x6a\x04too m"s},
       "the server answers with an error",
       "too many connections"},
      {"rdp",
       {"\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x02\x1f\x08\x00\x02\x00\x00\x00"s},
       "",
       "CredSSP over TLS chosen"},
      {"rdp",
       {"\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x03\x00\x08\x00\x02\x00\x00\x00"s},
       "SSL_NOT_ALLOWED_BY_SERVER",
       "refused"},
      {"rdp",
       {"\x03\x00\x00\x0b\x06\xd0\x00\x00\x12\x34\x00"s},
       "the server knows only standard RDP security, without TLS",
       "before Windows 2003"},
      {"xmpp",
       {"<?xml version='1.0'?><stream:stream><stream:features><starttls "
        "xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
        "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"},
       "",
       "RFC 6120"},
      {"xmpp",
       {"<stream:stream><stream:features></stream:features>"},
       "STARTTLS is not offered",
       "no feature"},
      {"xmpp",
       {"<stream:stream><stream:error><host-unknown/></stream:error>"},
       "the server ends the stream with an error",
       "unknown host"},
      {"xmpp", {"hello\r\n"}, "not a reply of the protocol", "no XML"},
  };
  return kTalks;
}

enum class Feeding { Whole, ByteByByte };

Dialogue played(const Talk& talk, Feeding feeding, std::string& said) {
  Dialogue dialogue(*find_starttls(talk.id), "host.example");
  said += dialogue.take_output();
  for (const std::string& part : talk.server) {
    const std::size_t step = feeding == Feeding::Whole ? part.size() : 1;
    for (std::size_t at = 0; at < part.size(); at += step) {
      dialogue.feed(as_bytes(std::string_view(part).substr(at, step)));
      said += dialogue.take_output();
    }
  }
  return dialogue;
}

TEST(StartTls, EveryTranscriptEndsAsItShouldWholeAndByteByByte) {
  for (const Talk& talk : talks()) {
    for (const Feeding feeding : {Feeding::Whole, Feeding::ByteByByte}) {
      SCOPED_TRACE(fmt::format("{}: {} ({})", talk.id, talk.why,
                               feeding == Feeding::Whole ? "whole" : "byte by byte"));
      // Byte by byte a stray byte comes after the dialogue is over: the session passes it to TLS.
      if (feeding == Feeding::ByteByByte && talk.reason.starts_with("stray")) {
        continue;
      }
      std::string said;
      const Dialogue dialogue = played(talk, feeding, said);
      EXPECT_EQ(dialogue.reason(), talk.reason);
      EXPECT_EQ(dialogue.state(),
                talk.reason.empty() ? Dialogue::State::Ready : Dialogue::State::Refused);
      EXPECT_FALSE(dialogue.transcript().empty());
      EXPECT_EQ(said.find("{host}"), std::string::npos);
    }
  }
}

TEST(StartTls, EveryProtocolHasATranscriptThatIsReadyAndOneThatIsRefused) {
  std::set<std::string_view> ready;
  std::set<std::string_view> refused;
  for (const Talk& talk : talks()) {
    (talk.reason.empty() ? ready : refused).insert(talk.id);
  }
  for (const StartTls* protocol : starttls_registry()) {
    SCOPED_TRACE(protocol->id);
    EXPECT_TRUE(ready.contains(protocol->id));
    EXPECT_TRUE(refused.contains(protocol->id));
    EXPECT_FALSE(protocol->source.empty());
    EXPECT_FALSE(protocol->ports.empty());
  }
  EXPECT_EQ(starttls_registry().size(), 13U);
  EXPECT_EQ(find_starttls("gopher"), nullptr);
}

TEST(StartTls, NothingCutShortIsReady) {
  for (const Talk& talk : talks()) {
    Talk cut = talk;
    if (!talk.reason.empty()) {
      continue;
    }
    cut.server.back().pop_back();
    std::string said;
    SCOPED_TRACE(talk.id);
    EXPECT_EQ(played(cut, Feeding::Whole, said).state(), Dialogue::State::Talking);
  }
}

TEST(StartTls, EndlessRepliesAreRefusedWithinABound) {
  for (const StartTls* protocol : starttls_registry()) {
    SCOPED_TRACE(protocol->id);
    Dialogue dialogue(*protocol, "host.example");
    for (int i = 0; i < 70 && dialogue.state() == Dialogue::State::Talking; ++i) {
      dialogue.feed(as_bytes(std::string(1024, '2')));
    }
    EXPECT_EQ(dialogue.state(), Dialogue::State::Refused);
    EXPECT_LE(dialogue.transcript().size(), 1024U);
    EXPECT_LE(dialogue.reason().size(), 200U);
  }
}

TEST(StartTls, XmppNamesTheHost) {
  Dialogue dialogue(*find_starttls("xmpp"), "chat.example");
  EXPECT_NE(dialogue.take_output().find("to='chat.example'"), std::string::npos);
}

}  // namespace
}  // namespace medic::probe
