#include "verify/verify.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.h"
#include "cli/verify_batch.h"
#include "lab/certificate_maker.h"
#include "lab/revocation_maker.h"
#include "tests/cli/call.h"

namespace medic::cli {
namespace {

using lab::Identity;
using lab::KeyKind;
using nlohmann::json;

const Time kAt = *parse_time("2027-03-01T12:00:00Z");
constexpr std::string_view kAtText = "2027-03-01T12:00:00Z";
constexpr std::string_view kTooLate = "2029-03-01T12:00:00Z";

// A root, an intermediate and a leaf for www.lab.test, as files too.
struct Files {
  Identity root = lab::make_self_signed(lab::root_recipe("Verify Root", kAt),
                                        lab::shared_keys().key(KeyKind::P256, 1));
  Identity middle = lab::make_certificate(lab::intermediate_recipe("Verify Intermediate", kAt),
                                          lab::shared_keys().key(KeyKind::P256, 2), root);
  Identity leaf = lab::make_certificate(lab::leaf_recipe("www.lab.test", kAt),
                                        lab::shared_keys().key(KeyKind::P256, 3), middle);
  std::string chain_pem = lab::certificate_pem(leaf) + lab::certificate_pem(middle);
  std::string root_pem = lab::certificate_pem(root);
  TemporaryDirectory directory = *TemporaryDirectory::make();

  Files() {
    write("chain.pem", chain_pem);
    write("leaf.pem", lab::certificate_pem(leaf));
    write("middle.pem", lab::certificate_pem(middle));
    write("root.pem", root_pem);
    write("words.pem", "no certificate at all");
  }
  [[nodiscard]] std::string path(std::string_view name) const {
    return (directory.path() / name).string();
  }
  void write(std::string_view name, const std::string& text) const {
    EXPECT_TRUE(write_file(path(name), text));
  }
  [[nodiscard]] json line() const {
    return {{"chain", chain_pem}, {"roots", root_pem}, {"name", "www.lab.test"}, {"at", kAtText}};
  }
};

const Files& files() {
  static const Files made;
  return made;
}

struct CommandCase {
  std::vector<std::string> words;
  ExitCode code = ExitCode::Healthy;
  std::string_view out;  // part of it
  std::string_view err;
  std::string_view why;
};

TEST(VerifyCommand, SaysAndEndsAsTheChainDeserves) {
  const std::string chain = files().path("chain.pem");
  const std::string leaf = files().path("leaf.pem");
  const std::string root = files().path("root.pem");
  const std::string at(kAtText);
  const std::string late(kTooLate);
  const std::string name = "www.lab.test";
  const CommandCase cases[] = {
      {{"--chain", chain, "--roots", root, "--name", name, "--at", at},
       ExitCode::Healthy,
       "accepted: OpenSSL 3",
       "",
       "a good chain"},
      {{"--chain", chain, "--roots", root, "--name", name, "--at", late},
       ExitCode::Found,
       "expired",
       "",
       "too late"},
      {{"--chain", chain, "--roots", root, "--name", "other.test", "--at", at},
       ExitCode::Found,
       "hostname-mismatch",
       "",
       "another host"},
      {{"--chain", leaf, "--roots", root, "--name", name, "--at", at},
       ExitCode::Found,
       "unknown-issuer",
       "",
       "no intermediate"},
      {{"--chain", leaf, "--extra", files().path("middle.pem"), "--roots", root, "--name", name,
        "--at", at},
       ExitCode::Found,
       "incomplete-chain",
       "",
       "the intermediate is known from elsewhere"},
      {{"--chain", chain, "--roots", root, "--name", name, "--at", at, "--purpose", "client"},
       ExitCode::Found,
       "wrong-eku",
       "",
       "a server's certificate"},
      {{"--chain", chain, "--roots", "mozilla", "--name", name, "--at", at},
       ExitCode::Found,
       "unknown-issuer",
       "",
       "a store without the root"},
      {{"--chain", chain, "--roots", root, "--name", name, "--at", at, "--profile", "all"},
       ExitCode::Healthy,
       "accepted: Java 8",
       "",
       "every client"},
      {{}, ExitCode::Usage, "", "--chain", "nothing to judge"},
      {{"--chain", files().path("absent.pem")},
       ExitCode::CouldNotLook,
       "",
       "absent.pem",
       "no file"},
      {{"--chain", files().path("words.pem")},
       ExitCode::CouldNotLook,
       "",
       "words.pem",
       "no certificate in the file"},
      {{"--chain", chain, "--profile", "opensll"},
       ExitCode::Usage,
       "",
       "openssl",
       "an unknown client names the nearest"},
      {{"--list-profiles"}, ExitCode::Healthy, "rustls", "", "the list"},
  };
  for (const CommandCase& c : cases) {
    SCOPED_TRACE(c.why);
    std::vector<std::string> words = {"verify"};
    words.insert(words.end(), c.words.begin(), c.words.end());
    const Answer answer = call(words);
    EXPECT_EQ(answer.code, c.code) << answer.out << answer.err;
    EXPECT_NE(answer.out.find(c.out), std::string::npos) << answer.out;
    EXPECT_NE(answer.err.find(c.err), std::string::npos) << answer.err;
  }
}

// A verdict that leaves a rule out says so.
TEST(VerifyCommand, WhatIsNotEvaluatedIsSaid) {
  lab::Recipe strict = lab::intermediate_recipe("Policy CA", kAt);
  // policyConstraints: requireExplicitPolicy 0.
  strict.extra = {{.oid = "2.5.29.36", .critical = false, .value = {0x30, 3, 0x80, 1, 0}}};
  const Identity ca =
      lab::make_certificate(strict, lab::shared_keys().key(KeyKind::P256, 4), files().root);
  const Identity leaf = lab::make_certificate(lab::leaf_recipe("www.lab.test", kAt),
                                              lab::shared_keys().key(KeyKind::P256, 5), ca);
  files().write("policy.pem", lab::certificate_pem(leaf) + lab::certificate_pem(ca));
  lab::CrlRecipe delta{.revoked = {leaf.serial},
                       .revoked_at = kAt,
                       .this_update = kAt - std::chrono::hours(1),
                       .next_update = kAt + std::chrono::hours(1)};
  delta.extra = {{.oid = "2.5.29.27", .critical = true, .value = {2, 1, 1}}};
  files().write("delta.crl", std::string(as_text(lab::make_crl(ca, delta))));
  const auto ask = [](const std::string& profile, std::vector<std::string> more) {
    std::vector<std::string> words = {"verify",
                                      "--chain",
                                      files().path("policy.pem"),
                                      "--roots",
                                      files().path("root.pem"),
                                      "--name",
                                      "www.lab.test",
                                      "--at",
                                      std::string(kAtText),
                                      "--profile",
                                      profile};
    words.insert(words.end(), more.begin(), more.end());
    return call(words);
  };
  EXPECT_NE(ask("java-17", {}).out.find("untested, because policy constraints"), std::string::npos);
  EXPECT_EQ(json::parse(ask("java-17", {"--json"}).out)["untested"][0]["id"],
            "certificate-policies");
  EXPECT_FALSE(json::parse(ask("curl", {"--json"}).out).contains("untested"))
      << "clients of OpenSSL do not look at policies";
  const json with_delta =
      json::parse(ask("curl", {"--json", "--crl", files().path("delta.crl")}).out);
  EXPECT_EQ(with_delta["untested"][0]["id"], "partial-crl");
  EXPECT_EQ(with_delta["verdict"], "fail") << "a list was demanded, and this is as good as none";
}

std::vector<json> lines_of(const std::string& out) {
  std::vector<json> lines;
  std::istringstream in(out);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(json::parse(line, nullptr, false));
    EXPECT_TRUE(lines.back().is_object()) << line;
  }
  return lines;
}

Answer batch(const std::string& input, std::vector<std::string> words = {}) {
  words.insert(words.begin(), {"verify", "--batch"});
  return call(words, {}, false, input);
}

TEST(VerifyBatch, AnswersInTheOrderAskedWithTheIdsGiven) {
  std::string input;
  const json ids[] = {1, "two", nullptr, {{"a", json::array({1, "x\n"})}}, 2.5};
  for (const json& id : ids) {
    json line = files().line();
    line["id"] = id;
    line["at"] = id == "two" ? kTooLate : kAtText;
    input += line.dump() + "\n\r\n";  // empty lines are passed over
  }
  const Answer answer = batch(input);
  EXPECT_EQ(answer.code, ExitCode::Found) << "one of them is expired";
  const std::vector<json> lines = lines_of(answer.out);
  ASSERT_EQ(lines.size(), std::size(ids));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i]["id"], ids[i]);
    EXPECT_EQ(lines[i]["schema"], "tlsmedic.verify/1");
    EXPECT_EQ(lines[i]["verdict"], ids[i] == "two" ? "fail" : "pass") << lines[i];
  }
}

struct LineCase {
  std::string text;
  std::string_view error;  // part of it; empty: a verdict
  std::string_view why;
};

TEST(VerifyBatch, ALineThatCannotBeReadIsSaidAndTheNextIsRead) {
  const auto with = [](const char* key, const json& value) {
    json line = files().line();
    line[key] = value;
    return line.dump();
  };
  const std::string deep(200'000, '[');
  const std::string closed(200'000, ']');
  const LineCase cases[] = {
      {"nonsense", "not a JSON object", "words"},
      {"[1]", "not a JSON object", "an array"},
      {R"({"id":1)", "not a JSON object", "cut short"},
      {"{\"id\":\"\xff\"}", "not a JSON object", "no UTF-8"},
      {R"({"id":)" + deep + closed + "}", "nested deeper", "brackets that would eat the stack"},
      {R"({"id":7})", "chain: missing", "no chain"},
      {with("chain", 5), "chain: expected", "a number"},
      {with("chain", json::array()), "no certificate", "an empty list"},
      {with("chain", json::array({"!"})), "base64", "no base64"},
      {with("chain", json::array({"MAA="})), "chain[0]", "base64 of no certificate"},
      {with("chain", json(std::vector<std::string>(129, "MAA="))), "more than 128", "too many"},
      {with("chain", "/nonexistent/chain.pem"), "/nonexistent/chain.pem",
       "a file that is not there"},
      {with("at", "soon"), "at", "no time"},
      {with("at", 18446744073709551615U), "at: later", "a number that does not fit"},
      {with("at", 1.5), "at: expected", "half a second"},
      {with("name", 5), "name: expected", "a number for a name"},
      {with("purpose", "both"), "purpose", "no such purpose"},
      {with("profile", "opensll"), "opensll", "no such client"},
      {with("roots", "/nonexistent/roots.pem"), "/nonexistent/roots.pem", "no such store"},
      {with("id", "good"), "", "a good one at the end"},
  };
  std::string input;
  for (const LineCase& c : cases) {
    input += c.text + "\n";
  }
  const Answer answer = batch(input);
  EXPECT_EQ(answer.code, ExitCode::CouldNotLook) << "no chain failed, but lines could not be read";
  const std::vector<json> lines = lines_of(answer.out);
  ASSERT_EQ(lines.size(), std::size(cases));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    SCOPED_TRACE(cases[i].why);
    if (cases[i].error.empty()) {
      EXPECT_EQ(lines[i]["verdict"], "pass") << lines[i];
      continue;
    }
    EXPECT_NE(lines[i].value("error", "").find(cases[i].error), std::string::npos) << lines[i];
    EXPECT_EQ(lines[i]["line"], i + 1);
  }
}

TEST(VerifyBatch, AFailedChainCountsMoreThanALineThatCannotBeRead) {
  json bad = files().line();
  bad["at"] = kTooLate;
  EXPECT_EQ(batch("x\n" + bad.dump() + "\n").code, ExitCode::Found);
  EXPECT_EQ(batch(files().line().dump()).code, ExitCode::Healthy) << "no newline at the end";
  EXPECT_EQ(batch("").code, ExitCode::Healthy) << "nothing asked";
}

TEST(VerifyBatch, ALineOverTheBoundIsDroppedWhole) {
  const std::string long_line(kMaxBatchLineBytes + 5, 'x');
  const Answer answer = batch(long_line + "\n" + files().line().dump() + "\n");
  const std::vector<json> lines = lines_of(answer.out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0].value("error", "").find("longer than"), std::string::npos);
  EXPECT_EQ(lines[1]["verdict"], "pass");
}

TEST(VerifyBatch, OptionsHoldWhereALineIsSilent) {
  const json line = {{"chain", files().chain_pem}};
  const Answer answer =
      batch(line.dump() + "\n", {"--roots", files().path("root.pem"), "--name", "other.test",
                                 "--at", std::string(kAtText), "--profile", "go,java-17"});
  EXPECT_EQ(answer.code, ExitCode::Found);
  const std::vector<json> lines = lines_of(answer.out);
  ASSERT_EQ(lines.size(), 2U) << "a line for each client";
  EXPECT_EQ(lines[0]["profile"], "go");
  EXPECT_EQ(lines[1]["profile"], "java-17");
  EXPECT_EQ(lines[0]["faults"][0]["id"], "hostname-mismatch") << lines[0];
}

// Ten thousand questions about three thousand different instants; memory is bounded by the caches.
TEST(VerifyBatch, ABigInputIsAnsweredInOrder) {
  constexpr int kLines = 10'000;
  json line = files().line();
  std::string input;
  const std::int64_t from = kAt.time_since_epoch().count();
  for (int i = 0; i < kLines; ++i) {
    line["id"] = i;
    line["at"] = from + (i % 3000) * 86400;
    input += line.dump() + "\n";
  }
  const Answer answer = batch(input, {"--profile", "go"});
  EXPECT_EQ(answer.code, ExitCode::Found);
  std::istringstream out(answer.out);
  int expected = 0;
  for (std::string text; std::getline(out, text); ++expected) {
    const std::string begins = fmt::format(R"({{"schema":"tlsmedic.verify/1","id":{},)", expected);
    ASSERT_TRUE(text.starts_with(begins)) << text.substr(0, 80);
    const bool valid = expected % 3000 < 30;
    const bool expired = expected % 3000 > 400;
    if (valid || expired) {
      ASSERT_NE(text.find(valid ? R"("verdict":"pass")" : R"("verdict":"fail")"), std::string::npos)
          << text.substr(0, 200);
    }
  }
  EXPECT_EQ(expected, kLines);
}

// What --save-disagreement writes must be a question that --batch reads: the same line.
TEST(VerifyBatch, JsonOfTheCommandAndOfTheBatchAgree) {
  const Answer one =
      call({"verify", "--chain", files().path("chain.pem"), "--roots", files().path("root.pem"),
            "--name", "www.lab.test", "--at", std::string(kTooLate), "--profile", "go", "--json"});
  json line = files().line();
  line["at"] = kTooLate;
  const Answer many = batch(line.dump() + "\n", {"--profile", "go"});
  json alone = json::parse(one.out);
  json batched = lines_of(many.out).at(0);
  EXPECT_EQ(alone["verdict"], batched["verdict"]);
  EXPECT_EQ(alone["faults"], batched["faults"]);
}

}  // namespace
}  // namespace medic::cli
