#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/call.h"

namespace medic::cli {
namespace {

TEST(LabCommand, ListNamesEveryFaultOnce) {
  const Answer answer = call({"lab", "list", "--json"});
  ASSERT_EQ(answer.code, ExitCode::Healthy) << answer.err;
  const auto json = nlohmann::json::parse(answer.out);
  EXPECT_EQ(json["schema"], "tlsmedic.lab-list/1");
  EXPECT_GE(json["faults"].size(), 80U);
  EXPECT_NE(call({"lab", "list"}).out.find("expired-leaf"), std::string::npos);
}

TEST(LabCommand, ServePrintsUrlsAndCaFilesAndStops) {
  const Answer answer = call({"lab", "serve", "expired-leaf", "--for", "0", "--json"});
  ASSERT_EQ(answer.code, ExitCode::Healthy) << answer.err;
  const auto json = nlohmann::json::parse(answer.out);
  ASSERT_EQ(json["sites"].size(), 2U);
  EXPECT_EQ(json["sites"][0]["expectation"], "must-refuse");
  EXPECT_EQ(json["sites"][1]["cause"], "healthy");
  EXPECT_FALSE(json["sites"][0]["ca_file"].get<std::string>().empty());
}

TEST(LabCommand, AnUnknownFaultIsWrongUsage) {
  EXPECT_EQ(call({"lab", "serve", "nonsense", "--for", "0"}).code, ExitCode::Usage);
  EXPECT_EQ(call({"lab", "serve", "--for", "soon"}).code, ExitCode::Usage);
  EXPECT_EQ(call({"lab", "run", "--timeout", "0", "--", "true", "{url}{resolve}"}).code,
            ExitCode::Usage);
  EXPECT_EQ(call({"lab", "run", "--", "true", "{url}"}).code, ExitCode::Usage);
}

TEST(LabCommand, RunEndsWithOneWhenAClientAcceptsABadServer) {
  const Environment environment = {{"PATH", "/usr/bin:/bin"}};
  const std::vector<std::string> careless = {"lab", "run",  "--fault", "expired-leaf", "--json",
                                             "--",  "true", "{url}",   "{resolve}{ca}"};
  const Answer answer = call(careless, environment);
  ASSERT_EQ(answer.code, ExitCode::Found) << answer.err;
  const auto json = nlohmann::json::parse(answer.out);
  EXPECT_EQ(json["wrongly_accepts"], 1);
  EXPECT_EQ(json["trials"][0]["verdict"], "wrongly-accepts");
  EXPECT_EQ(json["trials"][1]["verdict"], "right");
}

}  // namespace
}  // namespace medic::cli
