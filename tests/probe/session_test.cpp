#include "probe/session.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "probe/throwaway_identity.h"
#include "tests/probe/outcome_text.h"

namespace medic::probe {
namespace {

using namespace std::literals;

// A session talked to without sockets: bytes and endings by hand, time by hand.

const Instant kStart{};

evidence::ProbeSpec plain_spec() {
  evidence::ProbeSpec spec{.address = "192.0.2.1", .sni = "host.example"};
  return spec;
}

SessionPlan plan_of(evidence::ProbeSpec spec) {
  SessionPlan plan;
  plan.spec = std::move(spec);
  return plan;
}

// A real TLS server in memory with a certificate made for the occasion.
class MemoryServer {
 public:
  MemoryServer()
      : identity_(*make_throwaway_identity()), context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate(context_.get(), identity_.leaf.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity_.key.get());
    ssl_.reset(SSL_new(context_.get()));
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_accept_state(ssl_.get());
  }

  // Takes what the client sent, gives what the server answers.
  Bytes answer(ByteView bytes) {
    BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
    SSL_do_handshake(ssl_.get());
    char request[1024];
    if (SSL_read(ssl_.get(), request, sizeof(request)) > 0) {
      constexpr std::string_view kAnswer =
          "HTTP/1.1 301 Moved\r\nDate: Mon, 01 Jun 2026 12:00:00 GMT\r\nServer: lab\r\nLocation: "
          "/x\r\n\r\n";
      SSL_write(ssl_.get(), kAnswer.data(), static_cast<int>(kAnswer.size()));
    }
    ERR_clear_error();
    Bytes out(BIO_ctrl_pending(out_));
    BIO_read(out_, out.data(), static_cast<int>(out.size()));
    return out;
  }

 private:
  ClientIdentity identity_;
  SslContextPtr context_;
  SslPtr ssl_;
  BIO* in_ = nullptr;   // owned by ssl_
  BIO* out_ = nullptr;  // owned by ssl_
};

void talk(Session& session, MemoryServer& server, std::size_t step) {
  for (int turn = 0; turn < 20 && !session.finished(); ++turn) {
    const Bytes answer = server.answer(session.take_output());
    for (std::size_t at = 0; at < answer.size() && !session.finished(); at += step) {
      session.received(ByteView(answer).subspan(at, std::min(step, answer.size() - at)), kStart);
    }
  }
}

TEST(Session, AHandshakeIsTheSameWholeAndByteByByte) {
  for (const std::size_t step : {std::size_t{65536}, std::size_t{1}}) {
    SCOPED_TRACE(step);
    evidence::ProbeSpec spec = plain_spec();
    spec.http = true;
    Session session(plan_of(spec), kStart);
    session.connected("192.0.2.1", kStart + 5ms);
    MemoryServer server;
    talk(session, server, step);
    ASSERT_TRUE(session.finished());
    const evidence::Handshake& got = session.result();
    EXPECT_EQ(outcome_text(got), "completed");
    EXPECT_EQ(got.tcp_connect, 5ms);
    EXPECT_EQ(got.version, evidence::TlsVersion::Tls13);
    EXPECT_EQ(got.cipher_name, "TLS_AES_256_GCM_SHA384");
    EXPECT_EQ(got.group, "x25519");
    EXPECT_EQ(got.peer_signature, "ecdsa_secp256r1_sha256");
    EXPECT_EQ(got.chain.size(), 1U);
    ASSERT_TRUE(got.http);
    EXPECT_EQ(got.http->status, 301);
    EXPECT_EQ(got.http->location, "/x");
    EXPECT_EQ(got.http->date, *parse_time("2026-06-01T12:00:00Z"));
  }
}

TEST(Session, AHandshakeInsideATunnelInsideTlsCompletes) {
  const auto proxy = target::parse_proxy("https://proxy.example:3129");
  evidence::ProbeSpec spec = plain_spec();
  SessionPlan plan = plan_of(spec);
  plan.proxy = &*proxy;
  Session session(plan, kStart);
  session.connected("192.0.2.9", kStart);
  // The outer server only has to finish its handshake; what is inside is covered by the lab.
  MemoryServer outer;
  for (int turn = 0; turn < 3 && !session.finished(); ++turn) {
    session.received(outer.answer(session.take_output()), kStart);
  }
  // MemoryServer answers any request with a redirect: a proxy that opens no tunnel.
  session.patience_ended(kStart);
  ASSERT_TRUE(session.finished());
  EXPECT_TRUE(outcome_text(session.result()).starts_with("proxy 301"))
      << outcome_text(session.result());
}

TEST(Session, CredentialsStayHereWhenTheTlsProxyIsNotTrusted) {
  const auto proxy = target::parse_proxy("https://user:hunter2@proxy.example:3129");
  SessionPlan plan = plan_of(plain_spec());
  plan.proxy = &*proxy;
  Session session(plan, kStart);
  session.connected("192.0.2.9", kStart);
  MemoryServer outer;
  for (int turn = 0; turn < 3 && !session.finished(); ++turn) {
    session.received(outer.answer(session.take_output()), kStart);
  }
  ASSERT_TRUE(session.finished());
  EXPECT_EQ(outcome_text(session.result()),
            "proxy 0 the proxy's certificate is not trusted, so the credentials were not sent");
}

enum class End { Open, Fin, Reset, Deadline, Quiet };

struct PeerCase {
  std::string bytes;
  End end;
  std::string_view outcome;
  std::string_view why;
};

TEST(Session, WhatThePeerDoesIsNamedExactly) {
  const PeerCase cases[] = {
      {"", End::Fin, "closed handshake", "FIN after the hello"},
      {"", End::Reset, "reset handshake", "RST after the hello"},
      {"", End::Deadline, "timeout handshake", "silence"},
      {"\x15\x03\x03\x00\x02\x02\x28"s, End::Open, "alert handshake_failure handshake",
       "a plain-text alert is TLS"},
      {"\x15\x03\x01\x00\x02\x02\x70"s, End::Open, "alert unrecognized_name handshake",
       "SNI refused"},
      {"\x15\x03\x03\x00\x02\x01\x00"s, End::Open, "alert close_notify handshake",
       "closed in order"},
      {"\x15\x03\x03\x00\x02\x01\x70"s, End::Fin, "closed handshake", "a warning, then nothing"},
      {"\x16\x03\x03", End::Fin, "not-tls unknown", "cut inside the record header"},
      {"220 mx ESMTP\r\n", End::Quiet, "not-tls smtp", "a banner, then quiet"},
      {"220 mx ESMTP\r\n", End::Fin, "not-tls smtp", "a banner, then FIN"},
      {"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nDate: Mon, 01 Jun 2026 12:00:00 GMT\r\n",
       End::Open, "not-tls http", "64 bytes are enough"},
      {"S", End::Deadline, "not-tls unknown", "one byte, then silence"},
      {"\x16\x03\x03\x00\x04\x0e\x00\x00\x00"s, End::Open, "refused handshake (unexpected message)",
       "a message that cannot come first"},
  };
  for (const PeerCase& c : cases) {
    for (const std::size_t step : {std::size_t{65536}, std::size_t{1}}) {
      SCOPED_TRACE(fmt::format("{} ({} bytes at a time)", c.why, step));
      Session session(plan_of(plain_spec()), kStart);
      session.connected("192.0.2.1", kStart);
      EXPECT_FALSE(session.take_output().empty());
      for (std::size_t at = 0; at < c.bytes.size() && !session.finished(); at += step) {
        session.received(as_bytes(std::string_view(c.bytes).substr(at, step)), kStart);
      }
      if (!session.finished() && c.end == End::Quiet) {
        EXPECT_TRUE(session.patience());
        session.patience_ended(kStart);
      } else if (!session.finished() && c.end == End::Deadline) {
        session.expired(kStart + 10s);
      } else if (!session.finished() && c.end != End::Open) {
        session.closed(c.end == End::Fin ? Ending::Fin : Ending::Reset, kStart);
      }
      ASSERT_TRUE(session.finished());
      EXPECT_EQ(outcome_text(session.result()), c.outcome);
      if (const auto* other = std::get_if<evidence::NotTls>(&session.result().outcome)) {
        EXPECT_LE(other->first_bytes.size(), 64U);
        EXPECT_TRUE(c.bytes.starts_with(other->first_bytes));
      }
    }
  }
}

TEST(Session, ConnectionFailuresKeepTheirReason) {
  Session refused(plan_of(plain_spec()), kStart);
  refused.not_connected("refused", "Connection refused", kStart);
  EXPECT_EQ(outcome_text(refused.result()), "not-connected refused");
  Session late(plan_of(plain_spec()), kStart);
  late.expired(kStart + 10s);
  EXPECT_EQ(outcome_text(late.result()), "not-connected timeout");
}

TEST(Session, APostQuantumHelloFillsMoreThanOneSegment) {
  evidence::ProbeSpec spec = plain_spec();
  Session classical(plan_of(spec), kStart);
  classical.connected("192.0.2.1", kStart);
  EXPECT_LT(classical.take_output().size(), 1000U);
  spec.hello = evidence::HelloSize::PostQuantum;
  Session large(plan_of(spec), kStart);
  large.connected("192.0.2.1", kStart);
  EXPECT_GT(large.take_output().size(), 1400U);
  EXPECT_EQ(large.result().client_hello_bytes, large.result().bytes_sent);
}

TEST(Session, ALateServerNamesThePhaseThatWasLate) {
  const auto proxy = target::parse_proxy("http://proxy.example:8080");
  SessionPlan plan = plan_of(plain_spec());
  plan.proxy = &*proxy;
  plan.starttls = find_starttls("smtp");
  Session session(plan, kStart);
  session.connected("192.0.2.9", kStart);
  session.received(as_bytes("HTTP/1.1 200 OK\r\n\r\n220 mx\r\n"), kStart + 1ms);
  session.expired(kStart + 10s);
  EXPECT_EQ(outcome_text(session.result()), "timeout starttls");
  EXPECT_EQ(session.result().proxy_ready, 1ms);
}

}  // namespace
}  // namespace medic::probe
