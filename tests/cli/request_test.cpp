// `tlsmedic request` as a person calls it: presets, the one exception for plain text, and where
// credentials never show.

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/subprocess.h"
#include "lab/lab.h"
#include "request/plaintext.h"
#include "request/preset.h"
#include "tests/cli/call.h"
#include "tests/request/https_server.h"

namespace medic::cli {
namespace {

using request::HttpsServer;
using request::kServerHost;
using request::Reply;
using request::Speaks;

constexpr std::string_view kToken = "t0ken-5f2e91-never-shown";

class RequestCommand : public ::testing::Test {
 protected:
  RequestCommand() : directory_(*TemporaryDirectory::make()) {}

  std::string file(std::string_view name, std::string_view text) const {
    const std::string path = (directory_.path() / name).string();
    EXPECT_TRUE(write_file(path, text));
    return path;
  }
  static std::string resolve(const HttpsServer& server, std::string_view host = kServerHost) {
    return fmt::format("{}:{}:127.0.0.1", host, server.port);
  }

  TemporaryDirectory directory_;
};

TEST_F(RequestCommand, PrintsTheBodyAndSaysWhomItBelieves) {
  const HttpsServer server(Speaks::Http2, [](const request::Asked& asked) {
    return Reply{.status = asked.path == "/gone" ? 404 : 200, .body = asked.method + " body\n"};
  });
  const std::string ca = file("ca.pem", server.ca_pem());
  const Answer good =
      call({"request", "GET", server.url("/"), "-v", "--ca", ca, "--resolve", resolve(server)});
  EXPECT_EQ(good.code, ExitCode::Healthy) << good.err;
  EXPECT_EQ(good.out, "GET body\n");
  EXPECT_NE(good.err.find("rule: --ca"), std::string::npos) << good.err;
  EXPECT_NE(good.err.find("TLS 1.3"), std::string::npos) << good.err;
  const Answer by_variable = call({"request", server.url("/"), "-v", "--resolve", resolve(server)},
                                  {{"SSL_CERT_FILE", ca}});
  EXPECT_NE(by_variable.err.find("rule: SSL_CERT_FILE"), std::string::npos) << by_variable.err;
  const Answer gone =
      call({"request", "GET", server.url("/gone"), "--ca", ca, "--resolve", resolve(server)});
  EXPECT_EQ(gone.code, ExitCode::Found);
  EXPECT_EQ(call({"request", "GET", server.url("/gone"), "--ca", ca, "--expect", "404", "--resolve",
                  resolve(server)})
                .code,
            ExitCode::Healthy);
}

TEST_F(RequestCommand, WhatWouldWeakenItIsRefused) {
  const std::vector<std::vector<std::string>> calls = {
      {"request", "GET", "http://a.test/"},
      {"request", "GET", "https://a.test/", "--at", "2020-01-01"},
      {"request", "GET", "https://user:pass@a.test/"},
      {"request", "GET", "https://a.test/", "--tls-min", "1.0"},
      {"request", "GET", "https://a.test/", "--bearer", std::string(kToken)},
      {"request", "GET", "https://a.test/", "--header", "Host: other"},
      {"request"},
  };
  for (const std::vector<std::string>& words : calls) {
    const Answer answer = call(words);
    EXPECT_EQ(answer.code, ExitCode::Usage) << words.back();
    EXPECT_EQ((answer.out + answer.err).find(kToken), std::string::npos);
  }
}

TEST_F(RequestCommand, CredentialsAreSentAndShownNowhere) {
  for (const Speaks speaks : {Speaks::Http1, Speaks::Http2}) {
    const HttpsServer server(speaks, [](const request::Asked& asked) {
      return Reply{.status = asked.path == "/fail" ? 500 : 200,
                   .headers = {{"set-cookie", "session=" + std::string(kToken)}}};
    });
    const std::string ca = file("ca.pem", server.ca_pem());
    const std::string wrong = file("wrong.pem", HttpsServer(Speaks::Http1, {}).ca_pem());
    const std::string secret = file("token", std::string(kToken) + "\n");
    std::string seen;
    for (const std::string& path :
         {std::string("/?key=") + std::string(kToken), std::string("/fail")}) {
      for (const std::string& roots : {ca, wrong}) {
        for (const bool json : {false, true}) {
          std::vector<std::string> words = {"request",   "GET",           server.url(path),
                                            "-v",        "--ca",          roots,
                                            "--resolve", resolve(server), "--bearer",
                                            "env:TOKEN", "--secret",      "X-Key=file:" + secret};
          if (json) {
            words.emplace_back("--json");
          }
          const Answer answer = call(words, {{"TOKEN", std::string(kToken)}});
          seen += answer.out + answer.err;
        }
      }
    }
    EXPECT_EQ(seen.find(kToken), std::string::npos) << seen;
    ASSERT_GE(server.asked().size(), 4U);
    EXPECT_EQ(server.asked()[0].header("authorization"), "Bearer " + std::string(kToken));
    EXPECT_EQ(server.asked()[0].header("x-key"), kToken);
  }
}

TEST_F(RequestCommand, ACrashLeavesNoCoreWithTheToken) {
  const HttpsServer silent(Speaks::Http1, [](const request::Asked&) { return Reply{.status = 0}; });
  const std::string ca = file("ca.pem", silent.ca_pem());
  const std::string program = MEDIC_BINARY_DIR "/tlsmedic";
  if (::access(program.c_str(), X_OK) != 0) {
    GTEST_SKIP() << "the program is not built";
  }
  const pid_t child = fork();
  if (child == 0) {
    setenv("TOKEN", std::string(kToken).c_str(), 1);
    // Core files are wanted here, so that it is the program which decides that there is none.
    execl(
        "/bin/sh", "sh", "-c",
        R"(ulimit -c unlimited 2>/dev/null; cd "$5" && exec "$0" request GET "$1" --ca "$2" --resolve "$3" --bearer "$4" 2>/dev/null)",
        program.c_str(), silent.url("/").c_str(), ca.c_str(), resolve(silent).c_str(), "env:TOKEN",
        directory_.path().c_str(), nullptr);
    _exit(127);
  }
  for (int i = 0; i < 400 && silent.asked().empty(); ++i) {
    usleep(25'000);
  }
  ASSERT_FALSE(silent.asked().empty()) << "the token must have been sent";
  EXPECT_EQ(read_text_file(fmt::format("/proc/{}/coredump_filter", child)).value_or(""),
            "00000000\n")
      << "what takes dumps through a pipe gets no memory";
  kill(child, SIGQUIT);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_FALSE(WCOREDUMP(status));
}

TEST_F(RequestCommand, PresetsSayWhatAnAnswerMeans) {
  ASSERT_TRUE(request::parse_presets(request::preset_files()));
  EXPECT_GE(request::all_presets().size(), 4U);
  int status = 200;
  const HttpsServer server(Speaks::Http2,
                           [&](const request::Asked&) { return Reply{.status = status}; });
  const std::string ca = file("ca.pem", server.ca_pem());
  const std::vector<std::string> words = {"request",
                                          "--preset",
                                          "image-api",
                                          "--set",
                                          fmt::format("host={}:{}", kServerHost, server.port),
                                          "--check",
                                          "--retries",
                                          "0",
                                          "--ca",
                                          ca,
                                          "--resolve",
                                          resolve(server)};
  EXPECT_EQ(call(words).code, ExitCode::Healthy);
  status = 503;
  const Answer down = call(words);
  EXPECT_EQ(down.code, ExitCode::Found);
  EXPECT_NE(down.err.find("the load balancer answers"), std::string::npos) << down.err;
  EXPECT_EQ(server.asked()[0].path, "/v1/health");
  EXPECT_EQ(call({"request", "--preset", "image-api", "--set", "host=a.test/@b.test"}).code,
            ExitCode::Usage)
      << "a value cannot lead to another host";
  EXPECT_EQ(call({"request", "--preset", "none"}).code, ExitCode::Usage);
  EXPECT_EQ(call({"request", "--list-presets", "--lang", "ko"}).code, ExitCode::Healthy);
}

class Plaintext : public RequestCommand {
 protected:
  Plaintext()
      : lab_(*lab::start_lab(std::vector<std::string>{"sni-unrecognized", "expired-leaf"},
                             SystemClock().now())),
        plain_(Speaks::Plain,
               [](const request::Asked&) { return Reply{.body = "in the clear\n"}; }) {}

  Answer ask(std::string_view site_id, const std::vector<std::string>& more) const {
    const lab::Site& site = *lab_->site(site_id);
    std::vector<std::string> words = {"request",
                                      "GET",
                                      site.url() + "status",
                                      "--ca",
                                      file("ca.pem", site.ca_pem),
                                      "--resolve",
                                      fmt::format("{}:{}:{}", site.host, site.port, site.address),
                                      "--resolve",
                                      resolve(plain_, site.host)};
    words.insert(words.end(), more.begin(), more.end());
    return call(words, {{"TOKEN", std::string(kToken)}});
  }
  [[nodiscard]] std::vector<std::string> allowed(std::string_view site_id) const {
    return {"--allow-plaintext", fmt::format("{}:{}", lab_->site(site_id)->host, plain_.port)};
  }

  std::unique_ptr<lab::Lab> lab_;
  HttpsServer plain_;
};

TEST_F(Plaintext, OnlyANamedHostWhoseOwnFaultIsProvenIsAskedInTheClear) {
  const Answer without = ask("sni-unrecognized", {});
  EXPECT_EQ(without.code, ExitCode::Found);
  EXPECT_NE(without.err.find("Not asked over plain http"), std::string::npos) << without.err;
  EXPECT_NE(without.err.find("Tell the operator"), std::string::npos) << without.err;
  EXPECT_TRUE(plain_.asked().empty());

  const Answer expired = ask("expired-leaf", allowed("expired-leaf"));
  EXPECT_EQ(expired.code, ExitCode::Found);
  EXPECT_NE(expired.err.find("does not apply"), std::string::npos) << expired.err;
  EXPECT_TRUE(plain_.asked().empty()) << "a bad certificate is never a reason";

  const Answer named = ask("sni-unrecognized", allowed("sni-unrecognized"));
  EXPECT_EQ(named.code, ExitCode::Healthy) << named.err;
  EXPECT_EQ(named.out, "in the clear\n");
  EXPECT_NE(named.err.find("WARNING"), std::string::npos) << named.err;
  ASSERT_EQ(plain_.asked().size(), 1U);
  EXPECT_EQ(plain_.asked()[0].path, "/status");
}

TEST_F(Plaintext, WhatIsSecretIsNotShownUnlessItIsNamed) {
  std::vector<std::string> words = allowed("sni-unrecognized");
  words.insert(words.end(), {"--bearer", "env:TOKEN", "--header", "Cookie: a=b"});
  EXPECT_EQ(ask("sni-unrecognized", words).code, ExitCode::Found);
  words.insert(words.end(), {"--allow-plaintext-with", "cookies"});
  EXPECT_EQ(ask("sni-unrecognized", words).code, ExitCode::Found);
  EXPECT_TRUE(plain_.asked().empty());
  words.insert(words.end(), {"--allow-plaintext-with", "credentials", "--json"});
  const Answer both = ask("sni-unrecognized", words);
  EXPECT_EQ(both.code, ExitCode::Healthy) << both.err;
  EXPECT_EQ(nlohmann::json::parse(both.out)["verdict"], "plaintext");
  EXPECT_EQ(plain_.asked().size(), 1U);
}

TEST(PlaintextRules, AHeaderOrAQueryThatIsNotUnderstoodCountsAsACredential) {
  struct Row {
    std::string_view url;
    std::string_view header;
    std::string_view exposes;
  };
  constexpr Row kRows[] = {{"https://a.test/x", "Accept: */*", ""},
                           {"https://a.test/x?page=2", "Accept: */*", "credentials "},
                           {"https://a.test/x", "x-goog-api-key: k", "credentials "},
                           {"https://a.test/x", "cookie: k", "cookies "}};
  for (const Row& row : kRows) {
    const std::size_t colon = row.header.find(':');
    request::Request request{.url = *request::parse_url(row.url)};
    request.headers.push_back(
        *request::checked_header(std::string(row.header.substr(0, colon)),
                                 target::Secret(std::string(row.header.substr(colon + 2)))));
    std::string exposes;
    for (const request::Exposed what : request::exposed_by(request)) {
      exposes += std::string(request::exposed_id(what)) + " ";
    }
    EXPECT_EQ(exposes, row.exposes) << row.url << " " << row.header;
  }
}

}  // namespace
}  // namespace medic::cli
