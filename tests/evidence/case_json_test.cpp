#include <gtest/gtest.h>

#include "evidence/case.h"
#include "evidence/recorder.h"

namespace medic::evidence {
namespace {

Case full_case() {
  Case c;
  c.program = "tlsmedic 0.1.0";
  c.at = Time{std::chrono::seconds{1795260600}};
  c.target = {.url = "https://a.test:8443/",
              .host = "a.test",
              .unicode = "a.test",
              .port = 8443,
              .starttls = "smtp",
              .http = false};
  c.asked.sni = "";
  c.asked.addresses = {"127.0.0.1", "::1"};
  c.asked.proxy = "p0";
  c.proxies = {{.id = "p0", .url = "http://proxy.test:3128", .source = "--proxy"}};
  c.resolutions = {{.host = "a.test", .family = AddressFamily::Ipv6, .addresses = {"::1"}}};
  const Outcome outcomes[] = {
      Completed{},
      AlertReceived{.phase = Phase::AfterHandshake, .level = 2, .code = 116},
      RefusedByUs{.reason = "dh key too small", .alert_sent = 40},
      TimedOut{.phase = Phase::Connect, .after = std::chrono::milliseconds{500}},
      Closed{.phase = Phase::StartTls, .reset = true},
      NotTls{.first_bytes = std::string("\xff\x00HTTP", 6), .protocol = "http"},
      NotConnected{.reason = "refused", .detail = "connection refused"},
      ProxyRefused{.status = 407, .reason = "Proxy \xe9", .body_excerpt = "<html>"},
      StartTlsRefused{.reason = "not offered", .transcript = "220 x\r\n"},
  };
  std::uint32_t repeat = 0;
  for (const Outcome& outcome : outcomes) {
    Handshake h;
    h.spec = {.address = "127.0.0.1",
              .port = 8443,
              .sni = "a.test",
              .min_version = TlsVersion::Tls10,
              .offer = Offer::Everything,
              .hello = HelloSize::PostQuantum,
              .repeat = repeat++};
    h.outcome = outcome;
    h.version = TlsVersion::Tls13;
    h.cipher = 0x1301;
    h.chain = {{0x30, 0x00}, {}};
    h.alerts = {{.sent = true, .level = 1, .code = 0}};
    h.http = HttpAnswer{.status = 200, .date = c.at, .server = "nginx"};
    h.first_reply = std::chrono::microseconds{120};
    c.handshakes.push_back(h);
  }
  c.fetches = {{.question = {.url = "http://a.test/i.cer", .purpose = "aia", .body = {1, 2}},
                .answer = {.url = "http://a.test/i.cer", .status = 200, .body = {3}}}};
  c.stores = {{.id = "system", .description = "x", .size = 3, .anchors = {{0x30}}}};
  c.pool = {{0x30, 0x01, 0x00}};
  return c;
}

TEST(CaseJson, WhatIsWrittenIsReadBackTheSame) {
  const std::string first = case_json(full_case());
  const auto read = parse_case(first);
  ASSERT_TRUE(read.has_value()) << read.error().what;
  EXPECT_EQ(case_json(*read), first);
  EXPECT_EQ(read->handshakes.size(), 9U);
  EXPECT_EQ(std::get<NotTls>(read->handshakes[5].outcome).first_bytes,
            std::string("\xff\x00HTTP", 6));
  EXPECT_EQ(read->handshakes[2].spec, full_case().handshakes[2].spec);
}

TEST(CaseJson, DamageIsNamedByItsPlace) {
  struct Row {
    std::string_view json;
    std::string_view said;
    std::string_view why;
  };
  const Row rows[] = {
      {"", "not JSON", "an empty file"},
      {"[]", "$: expected an object", "another shape, found before the schema is asked"},
      {R"({"schema":"tlsmedic.case/2"})", "schema is 'tlsmedic.case/2'", "a later version"},
      {R"({"schema":"tlsmedic.case/1","at":5})", "$.at: expected a string", "a wrong kind"},
      {R"({"schema":"tlsmedic.case/1","extra":5})", "$.extra: unknown key", "a key nobody reads"},
      {R"({"schema":"tlsmedic.case/1","handshakes":[{"outcome":{"kind":"x"}}]})",
       "$.handshakes[0].outcome.kind: unknown outcome", "an unknown alternative"},
      {R"({"schema":"tlsmedic.case/1","target":{"port":70000}})",
       "$.target.port: expected an integer in range", "a number out of range"},
      {R"({"schema":"tlsmedic.case/1","pool":["*"]})", "$.pool[0]: expected base64", "not base64"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    const auto read = parse_case(row.json);
    ASSERT_FALSE(read.has_value());
    const bool schema_first = row.json == "[]";
    EXPECT_NE(read.error().what.find(schema_first ? "schema is ''" : row.said), std::string::npos)
        << read.error().what;
  }
}

class CountingWorld final : public World {
 public:
  Resolution resolve(const std::string& host, AddressFamily family) override {
    ++asked;
    return {.host = host, .family = family, .addresses = {"127.0.0.1"}};
  }
  std::vector<std::optional<Handshake>> handshakes(std::span<const ProbeSpec> specs) override {
    std::vector<std::optional<Handshake>> answers;
    for (const ProbeSpec& spec : specs) {
      ++asked;
      Handshake h;
      h.spec = spec;
      h.outcome = Completed{};
      answers.emplace_back(h);
    }
    return answers;
  }
  Fetched fetch(const FetchQuestion& question) override {
    ++asked;
    return {.url = question.url, .status = 200};
  }
  int asked = 0;
};

TEST(Recorder, AsksTheWorldOnceAndReplayAnswersTheSame) {
  CountingWorld world;
  Case c;
  Recorder recorder(world, c);
  const ProbeSpec spec{.address = "127.0.0.1", .port = 1};
  const ProbeSpec again{.address = "127.0.0.1", .port = 1, .repeat = 1};
  for (int i = 0; i < 2; ++i) {
    static_cast<void>(recorder.resolve("a.test", AddressFamily::Any));
    static_cast<void>(recorder.handshakes(std::vector{spec, again}));
    static_cast<void>(recorder.fetch({.url = "http://a.test/"}));
  }
  EXPECT_EQ(world.asked, 4) << "a question already answered is not asked again";

  Replay replay(c);
  EXPECT_EQ(replay.resolve("a.test", AddressFamily::Any).addresses.size(), 1U);
  const auto answers = replay.handshakes(std::vector{spec, ProbeSpec{.address = "127.0.0.2"}});
  EXPECT_TRUE(answers[0].has_value());
  EXPECT_FALSE(answers[1].has_value()) << "a question the case does not hold has no answer";
  EXPECT_EQ(replay.fetch({.url = "http://a.test/"}).status, 200);
  EXPECT_FALSE(replay.fetch({.url = "http://b.test/"}).answered);
}

}  // namespace
}  // namespace medic::evidence
