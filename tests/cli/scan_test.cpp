#include <fmt/core.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "base/files.h"
#include "lab/lab.h"
#include "tests/cli/call.h"

namespace medic::cli {
namespace {

const Time kAt = *parse_time("2026-06-01T12:00:00Z");

class ScanCommand : public testing::Test {
 protected:
  void SetUp() override {
    lab_ = *lab::start_lab(std::vector<std::string>{"expired-leaf", "wrong-host"}, kAt);
    roots_ = (directory_.path() / "roots.pem").string();
    out_ = (directory_.path() / "scan.jsonl").string();
    ASSERT_TRUE(write_file(roots_, lab_->sites().front().ca_pem));
  }
  [[nodiscard]] std::string word(std::string_view site) const {
    const lab::Site* const at = lab_->site(site);
    return fmt::format("{}@{}:{}", at->host, at->address, at->port);
  }
  [[nodiscard]] Answer scan(std::vector<std::string> words, const std::string& input = {}) const {
    words.insert(words.begin(), "scan");
    words.insert(words.end(), {"--roots", roots_, "--at", "2026-06-01T12:00:00Z"});
    return call(words, {}, false, input);
  }
  static std::vector<nlohmann::json> records(const std::string& text) {
    std::vector<nlohmann::json> made;
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line)) {
      made.push_back(nlohmann::json::parse(line));
    }
    return made;
  }

  std::unique_ptr<lab::Lab> lab_;
  TemporaryDirectory directory_ = *TemporaryDirectory::make();
  std::string roots_;
  std::string out_;
};

TEST_F(ScanCommand, AHealthyServerIsZeroAndAFailingOneIsOneWithItsCause) {
  const Answer good = scan({word("expired-leaf.good")});
  EXPECT_EQ(good.code, ExitCode::Healthy) << good.err;
  EXPECT_NE(good.err.find("Will contact expired-leaf.lab.test@127.0.0.1"), std::string::npos);
  const Answer bad = scan({word("expired-leaf"), "--lang", "ko"});
  EXPECT_EQ(bad.code, ExitCode::Found) << bad.err;
  EXPECT_NE(bad.out.find("expired-leaf (서버, 증명됨)"), std::string::npos) << bad.out;
  EXPECT_NE(bad.out.find("조치해야 할 쪽"), std::string::npos) << bad.out;
}

TEST_F(ScanCommand, RecordsNameCertificatesThatWereWrittenBefore) {
  const Answer answer =
      scan({"--targets", "-", "--json"}, word("expired-leaf") + "\n" + word("wrong-host") + "\n");
  std::set<std::string> certificates;
  std::size_t findings = 0;
  for (const nlohmann::json& record : records(answer.out)) {
    if (record["schema"] == "tlsmedic.scan-certificate/1") {
      EXPECT_TRUE(certificates.insert(record["sha256"]).second) << "written once";
      continue;
    }
    ++findings;
    EXPECT_EQ(record["verdict"], "fail");
    for (const auto& fingerprint : record["chain"]) {
      EXPECT_TRUE(certificates.contains(fingerprint.get<std::string>()));
    }
  }
  EXPECT_EQ(findings, 2U);
}

TEST_F(ScanCommand, ResumeTakesUpWhereALineWasCutOffAndLooksAtNothingTwice) {
  const std::vector<std::string> first = {word("expired-leaf.good"), "--out", out_, "--diagnose",
                                          "none"};
  ASSERT_EQ(scan(first).code, ExitCode::Healthy);
  const std::string whole = *read_text_file(out_);
  {
    std::ofstream torn(out_, std::ios::app);
    torn << R"({"schema":"tlsmedic.scan/1","target":"wro)";
  }
  const std::size_t before = lab_->connections(lab_->site("expired-leaf.good")->port);
  const Answer again = scan({word("expired-leaf.good"), word("wrong-host.good"), "--out", out_,
                             "--diagnose", "none", "--resume"});
  EXPECT_EQ(again.code, ExitCode::Healthy) << again.err << again.out;
  EXPECT_EQ(lab_->connections(lab_->site("expired-leaf.good")->port), before);
  const std::string text = *read_text_file(out_);
  EXPECT_TRUE(text.starts_with(whole));
  std::size_t findings = 0;
  for (const nlohmann::json& record : records(text)) {
    findings += record["schema"] == "tlsmedic.scan/1" ? 1U : 0U;
  }
  EXPECT_EQ(findings, 2U);
}

TEST_F(ScanCommand, CsvHasAHeaderAndOneLineEach) {
  const Answer answer = scan({word("wrong-host"), "--format", "csv", "--diagnose", "none"});
  EXPECT_TRUE(answer.out.starts_with("target,address,")) << answer.out;
  EXPECT_NE(answer.out.find("\"fail\",\"hostname-mismatch\""), std::string::npos) << answer.out;
}

TEST_F(ScanCommand, WrongUsageIsSaid) {
  EXPECT_EQ(scan({}).code, ExitCode::Usage);
  EXPECT_EQ(scan({"example.org", "--resume"}).code, ExitCode::Usage);
  EXPECT_EQ(scan({"example.org", "--rate", "fast"}).code, ExitCode::Usage);
  EXPECT_EQ(scan({"example.org", "--exclude", "192.0.2.0/99"}).code, ExitCode::Usage);
  EXPECT_EQ(scan({"example.org", "--starttls", "nonsense"}).code, ExitCode::Usage);
  EXPECT_EQ(scan({"--targets", "/nowhere/hosts"}).code, ExitCode::CouldNotLook);
  EXPECT_EQ(scan({"no host!"}).code, ExitCode::CouldNotLook) << "nothing was looked at";
}

}  // namespace
}  // namespace medic::cli
