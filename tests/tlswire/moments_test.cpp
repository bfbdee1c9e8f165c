#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/tlswire/peers.h"
#include "tests/tlswire/scripted_server.h"

namespace medic::tlswire {
namespace {

// A server that says every message at every moment, and records of every kind: what we make of it
// must be what libssl makes of it, and the right flight must pass.

using Which = EitherClient::Which;

const std::vector<std::string> kRight13 = {
    "ServerHello", "EncryptedExtensions", "CertificateRequest", "Certificate", "CertificateVerify"};
const std::vector<std::string> kRight12 = {"ServerHello",        "Certificate",
                                           "CertificateStatus",  "ServerKeyExchange",
                                           "CertificateRequest", "ServerHelloDone"};
const std::vector<std::string> kMessages = {
    "HelloRequest",        "ClientHello",       "ServerHello",       "NewSessionTicket",
    "EncryptedExtensions", "Certificate",       "ServerKeyExchange", "CertificateRequest",
    "ServerHelloDone",     "CertificateVerify", "Finished",          "CertificateStatus",
    "Unassigned"};

struct Moment {
  std::uint16_t version = kTls13;
  std::size_t after = 0;  // so many right messages
  std::string message;
};

std::string verdict_of(Which which, const Moment& moment) {
  EitherClient client(which, "scripted.test");
  ScriptedServer server(client.take_output(), moment.version);
  const auto& right = moment.version == kTls13 ? kRight13 : kRight12;
  for (std::size_t i = 0; i < moment.after; ++i) {
    client.feed(server.say(server.named(right[i])));
  }
  client.feed(server.say(server.named(moment.message)));
  client.take_output();
  return client.verdict();
}

TEST(Moments, EveryMessageAtEveryMomentIsTakenAsLibsslTakesIt) {
  for (const std::uint16_t version : {kTls12, kTls13}) {
    const auto& right = version == kTls13 ? kRight13 : kRight12;
    for (std::size_t after = 0; after < right.size(); ++after) {
      for (const std::string& message : kMessages) {
        SCOPED_TRACE(fmt::format("{:#x}: {} after {} right messages", version, message, after));
        const Moment moment{.version = version, .after = after, .message = message};
        const std::string ours = verdict_of(Which::Ours, moment);
        const std::string libssl = verdict_of(Which::Libssl, moment);
        // The CertificateRequest before the ServerHelloDone may be missing.
        const bool last =
            message == right.back() && after + (version == kTls12 ? 2 : 1) >= right.size();
        if (last) {
          EXPECT_EQ(ours, "authenticated");
          EXPECT_EQ(libssl, "talking") << "it awaits the Finished";
        } else {
          EXPECT_EQ(ours, libssl);
        }
      }
    }
  }
}

TEST(Moments, RecordsOfEveryKindAtEveryMoment) {
  struct Case {
    ContentType type;
    Bytes body;
    std::string what;
  };
  const std::vector<Case> cases = {
      {ContentType::Alert, {2, 40}, "fatal alert"},
      {ContentType::Alert, {2}, "half an alert"},
      {ContentType::Alert, {2, 40, 0}, "an alert and more"},
      {ContentType::ApplicationData, {1, 2, 3}, "application data"},
      {ContentType::Handshake, {}, "empty handshake record"},
      {static_cast<ContentType>(24), {1, 2}, "heartbeat"},
  };
  for (const std::uint16_t version : {kTls12, kTls13}) {
    const auto& right = version == kTls13 ? kRight13 : kRight12;
    for (std::size_t after = 0; after < right.size(); ++after) {
      for (const Case& c : cases) {
        SCOPED_TRACE(fmt::format("{:#x}: {} after {}", version, c.what, after));
        std::string verdict[2];
        for (const Which which : {Which::Ours, Which::Libssl}) {
          EitherClient client(which, "scripted.test");
          ScriptedServer server(client.take_output(), version);
          for (std::size_t i = 0; i < after; ++i) {
            client.feed(server.say(server.named(right[i])));
          }
          client.feed(server.record(c.type, c.body));
          verdict[which == Which::Ours ? 0 : 1] = client.verdict();
        }
        if (c.body.empty()) {
          // RFC 8446 section 5.1 forbids it; libssl counts to 32 first.
          EXPECT_EQ(verdict[0], "refused unexpected_message");
        } else if (after == 0 && (c.type == ContentType::ApplicationData ||
                                  c.type == static_cast<ContentType>(24))) {
          EXPECT_EQ(verdict[0], "not tls");
        } else {
          EXPECT_EQ(verdict[0], verdict[1]);
        }
      }
    }
  }
}

Bytes right_flight(ScriptedServer& server, std::uint16_t version) {
  Bytes all;
  for (const std::string& name : version == kTls13 ? kRight13 : kRight12) {
    const Bytes wire = server.say(server.named(name));
    all.insert(all.end(), wire.begin(), wire.end());
  }
  return all;
}

TEST(Moments, AFlightInPiecesOfAnySizeIsTheSameFlight) {
  for (const std::uint16_t version : {kTls12, kTls13}) {
    for (const std::size_t piece : {1U, 2U, 3U, 5U, 7U, 64U, 1000U, 100000U}) {
      SCOPED_TRACE(fmt::format("{:#x} in pieces of {}", version, piece));
      EitherClient client(Which::Ours, "scripted.test");
      ScriptedServer server(client.take_output(), version);
      const Bytes flight = right_flight(server, version);
      for (ByteView rest(flight); !rest.empty();
           rest = rest.subspan(std::min(piece, rest.size()))) {
        client.feed(rest.first(std::min(piece, rest.size())));
      }
      EXPECT_EQ(client.verdict(), "authenticated");
    }
  }
}

TEST(Moments, MessagesSplitOverRecordsAndManyInOneRecord) {
  for (const std::size_t piece : {1U, 3U, 100U, 16384U}) {
    SCOPED_TRACE(piece);
    EitherClient client(Which::Ours, "scripted.test");
    ScriptedServer server(client.take_output(), kTls13);
    client.feed(server.say(server.server_hello()));
    for (const char* const name : {"EncryptedExtensions", "Certificate", "CertificateVerify"}) {
      client.feed(server.say_split(server.named(name), piece));
    }
    EXPECT_EQ(client.verdict(), "authenticated");
  }
  EitherClient client(Which::Ours, "scripted.test");
  ScriptedServer server(client.take_output(), kTls13);
  client.feed(server.say(server.server_hello()));
  client.feed(server.say_coalesced({server.encrypted_extensions(), server.certificate()}));
  client.feed(server.say(server.certificate_verify()));
  EXPECT_EQ(client.verdict(), "authenticated");
}

TEST(Moments, ASignatureOverAnotherHandshakeIsRefused) {
  for (const std::uint16_t version : {kTls12, kTls13}) {
    for (const Which which : {Which::Ours, Which::Libssl}) {
      EitherClient client(which, "scripted.test");
      ScriptedServer server(client.take_output(), version);
      server.spoil_signature = true;
      client.feed(right_flight(server, version));
      EXPECT_EQ(client.verdict(), "refused decrypt_error");
    }
  }
}

TEST(Moments, AMessageAcrossTheChangeOfKeysIsRefused) {
  for (const Which which : {Which::Ours, Which::Libssl}) {
    EitherClient client(which, "scripted.test");
    ScriptedServer server(client.take_output(), kTls13);
    client.feed(server.say_coalesced({server.server_hello(), server.encrypted_extensions()}));
    EXPECT_EQ(client.verdict(), "refused unexpected_message");
  }
}

TEST(Moments, RetriesThatChangeNothingOrComeTwiceAreRefused) {
  for (const Which which : {Which::Ours, Which::Libssl}) {
    EitherClient same(which, "scripted.test");
    ScriptedServer stubborn(same.take_output(), kTls13);
    same.feed(stubborn.say_coalesced({stubborn.retry_request(29)}));
    EXPECT_EQ(same.verdict(), "refused illegal_parameter");

    EitherClient twice(which, "scripted.test");
    ScriptedServer forgetful(twice.take_output(), kTls13);
    twice.feed(forgetful.say_coalesced({forgetful.retry_request(23)}));
    EXPECT_EQ(twice.verdict(), "talking");
    twice.feed(forgetful.say_coalesced({forgetful.retry_request(24)}));
    EXPECT_EQ(twice.verdict(), "refused unexpected_message");

    EitherClient unknown(which, "scripted.test");
    ScriptedServer exotic(unknown.take_output(), kTls13);
    unknown.feed(exotic.say_coalesced({exotic.retry_request(0x0999)}));
    EXPECT_EQ(unknown.verdict(), "refused illegal_parameter");
  }
  EitherClient client(Which::Ours, "scripted.test");
  ScriptedServer server(client.take_output(), kTls13);
  client.feed(server.say_coalesced({server.retry_request(30)}));  // x448: offered, not ours to make
  EXPECT_EQ(client.verdict(), "unsupported: a group of which we have no share");
}

TEST(Moments, NothingGrowsWithoutBound) {
  struct Case {
    Bytes wire;
    std::string verdict;
    std::string why;
  };
  const std::vector<Case> cases = {
      {{22, 3, 3, 0xFF, 0xFF}, "refused record_overflow", "a record of 64 KiB"},
      {ScriptedServer::plain_record(ContentType::Handshake, Bytes{2, 0xFF, 0xFF, 0xFF}),
       "refused illegal_parameter", "a message of 16 MiB"},
      {{'H', 'T', 'T', 'P'}, "not tls", "a web server without TLS"},
      {{22}, "talking", "one octet"},
      {{22, 2}, "not tls", "no version 3"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.why);
    EitherClient client(Which::Ours, "scripted.test");
    client.take_output();
    client.feed(c.wire);
    EXPECT_EQ(client.verdict(), c.verdict);
  }
  EitherClient warned(Which::Ours, "scripted.test");
  warned.take_output();
  for (int i = 0; i < 100; ++i) {
    warned.feed(ScriptedServer::plain_record(ContentType::Alert, Bytes{1, 112}));
  }
  EXPECT_EQ(warned.verdict(), "alert unrecognized_name");
}

}  // namespace
}  // namespace medic::tlswire
