// Every directory tests/clients/<id>/ is a system: root/ are its files, `environment` its variables
// (NAME=value lines), expected.json what an inventory must find there. A directory without
// expected.json, or an expectation about a client that is not found, fails.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "clients/detector.h"
#include "clients/survey.h"

namespace medic::clients {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

fs::path directory() {
  return fs::path(MEDIC_SOURCE_DIR) / "tests" / "clients";
}

std::vector<std::string> fake_systems() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory())) {
    if (entry.is_directory()) {
      names.push_back(entry.path().filename().string());
    }
  }
  std::ranges::sort(names);
  return names;
}

Environment environment_of(const fs::path& system) {
  Environment environment;
  std::ifstream file(system / "environment");
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) {
      environment[line.substr(0, equals)] = line.substr(equals + 1);
    }
  }
  return environment;
}

// "won variable SSL_CERT_FILE /x/ca.pem": one line of a trace.
std::string line_of(const Rule& rule) {
  std::string line = std::string(outcome_id(rule.outcome)) + " " +
                     std::string(rule_kind_id(rule.kind)) + " " + rule.name;
  for (const std::string& more : {rule.value, rule.trouble}) {
    line += more.empty() ? "" : " " + more;
  }
  if (!rule.origin.file.empty()) {
    line += " @" + rule.origin.file + ":" + std::to_string(rule.origin.line);
  }
  return line;
}

// "ca-path-broken path-absent /x.pem @SSL_CERT_FILE"
std::string line_of(const Problem& problem) {
  const std::string origin = origin_text(problem.origin);
  return problem.cause + " " + problem.id + " " + problem.subject +
         (origin.empty() ? "" : " @" + origin);
}

template <class T>
Json lines_of(const std::vector<T>& items) {
  Json lines = Json::array();
  for (const T& item : items) {
    lines.push_back(line_of(item));
  }
  return lines;
}

Json observed(const Client& client) {
  Json parts = Json::array();
  for (const StorePart& part : client.trust.parts) {
    parts.push_back(std::string(part_kind_id(part.kind)) + " " + part.path);
  }
  return Json{{"id", client.id},
              {"kind", client.kind},
              {"version", client.version},
              {"path", client.path},
              {"runtime", client.runtime},
              {"tls_library", client.tls_library},
              {"profile", client.profile},
              {"policy", client.policy},
              {"store", client.trust.store},
              {"rule", client.trust.rule},
              {"verifies", client.trust.verifies},
              {"unknown", client.trust.unknown},
              {"anchors", client.trust.anchors ? Json(*client.trust.anchors) : Json()},
              {"parts", parts},
              {"trace", lines_of(client.trust.trace)},
              {"problems", lines_of(client.problems)}};
}

Json observed(const StoreRecord& store) {
  return Json{{"id", store.id},       {"trouble", store.trouble},
              {"count", store.count}, {"used_by", store.used_by},
              {"local", store.local}, {"problems", lines_of(store.problems)}};
}

Json observed(const Inventory& inventory) {
  Json all{{"clients", Json::array()},
           {"stores", Json::array()},
           {"problems", lines_of(inventory.problems)}};
  for (const StoreRecord& store : inventory.stores) {
    all["stores"].push_back(observed(store));
  }
  for (const Client& client : inventory.clients) {
    all["clients"].push_back(observed(client));
  }
  return all;
}

// Every key of `expected` has that value; other keys of `seen` are free. Of lists of clients every
// expected one, found by its id, must be there; any other list must be equal.
void compare(const Json& expected, const Json& seen, const std::string& place) {
  if (expected.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      ASSERT_TRUE(seen.contains(key)) << place << ": no key " << key;
      compare(value, seen[key], place + "/" + key);
    }
  } else {
    EXPECT_EQ(expected, seen) << place;
  }
}

class FakeSystem : public testing::TestWithParam<std::string> {};

TEST_P(FakeSystem, HoldsTheClientsItIsExpectedToHold) {
  const fs::path system = directory() / GetParam();
  const auto machine =
      machine::Machine::open({.root = system / "root", .environment = environment_of(system)});
  ASSERT_TRUE(machine.has_value()) << machine.error().what;
  const Json seen = observed(take_inventory(*machine));
  const auto text = read_text_file(system / "expected.json");
  ASSERT_TRUE(text.has_value()) << "there must be an expected.json; seen:\n" << seen.dump(1);
  const Json expected = Json::parse(*text);
  ASSERT_TRUE(expected.contains("why")) << "say what this system shows";
  ASSERT_TRUE(expected.contains("clients") || expected.contains("problems") ||
              expected.contains("stores") || expected.contains("absent"))
      << "an expectation that expects nothing";
  for (const std::string list : {"clients", "stores"}) {
    for (const Json& one : expected.value(list, Json::array())) {
      const std::string id = one.at("id").get<std::string>();
      const auto found = std::ranges::find_if(
          seen[list], [&](const Json& other) { return other["id"].get<std::string>() == id; });
      if (found == seen[list].end()) {
        ADD_FAILURE() << id << " is not found; seen:\n" << seen.dump(1);
      } else {
        compare(one, *found, id);
      }
    }
  }
  for (const Json& kind : expected.value("absent", Json::array())) {
    for (const Json& client : seen["clients"]) {
      EXPECT_NE(client["kind"], kind) << "must not be found here";
    }
  }
  if (expected.contains("problems")) {
    compare(expected["problems"], seen["problems"], "problems");
  }
  if (testing::Test::HasFailure()) {
    GTEST_LOG_(INFO) << "seen:\n" << seen.dump(1);
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& system) {
  std::string name = system.param;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Clients, FakeSystem, testing::ValuesIn(fake_systems()), test_name);

TEST(Detectors, EachHasASystemThatHoldsItsClients) {
  for (const Detector* detector : detector_registry()) {
    EXPECT_TRUE(fs::exists(directory() / std::string(detector->id) / "expected.json"))
        << "tests/clients/" << detector->id << "/{root/,expected.json}";
  }
}

TEST(Detectors, AnEmptySystemHoldsNoClients) {
  const auto nothing = TemporaryDirectory::make();
  ASSERT_TRUE(nothing.has_value());
  const auto machine = machine::Machine::open({.root = nothing->path()});
  ASSERT_TRUE(machine.has_value());
  EXPECT_EQ(observed(take_inventory(*machine))["clients"], Json::array());
}

}  // namespace
}  // namespace medic::clients
