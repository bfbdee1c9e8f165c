// What real clients printed at every fault of the lab (tests/explain/corpus, made by
// tests/explain/capture/capture.py and reviewed), as it was printed and as such text looks when it
// has been through a terminal, a log collector, a chat or a mail. MEDIC_SWEEP=1 tries every text in
// every disguise; without it a fixed sample.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "disguises.h"
#include "explain/explain.h"
#include "explain/matcher.h"

namespace medic::explain {
namespace {

namespace fs = std::filesystem;

struct Record {
  std::string where;
  std::string text;
  std::string symptom;  // empty: the client accepted the server, nothing may be found
};

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::vector<Record> corpus() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(MEDIC_SOURCE_DIR "/tests/explain/corpus")) {
    if (entry.path().extension() == ".jsonl" && entry.path().stem() != "errors_dev") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<Record> records;
  for (const fs::path& file : files) {
    const std::vector<std::string> lines = lines_of(file);
    for (std::size_t i = 1; i < lines.size(); ++i) {  // the first says which client it is
      const nlohmann::json record = nlohmann::json::parse(lines[i]);
      records.push_back({.where = fmt::format("{}:{}", file.filename().string(), i + 1),
                         .text = record.at("text").get<std::string>(),
                         .symptom = record.at("symptom").get<std::string>()});
    }
  }
  return records;
}

const Matcher& matcher() {
  static const Result<Matcher> built = Matcher::builtin();
  return built.value();
}

std::string first_symptom(std::string_view text) {
  const Result<Explanation> explanation = explain_text(matcher(), text);
  return explanation && !explanation->failures.empty() ? explanation->failures.front().symptom : "";
}

TEST(ExplainCorpus, TheSymptomOfWhatRealClientsPrintIsFoundInEveryDisguise) {
  const std::vector<Record> records = corpus();
  ASSERT_GT(records.size(), 1500U);
  const bool sweep = std::getenv("MEDIC_SWEEP") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  std::size_t tried = 0;
  std::vector<std::string> wrong;
  // Without the sweep each text wears one disguise, another for each text.
  for (std::size_t i = 0; i < records.size(); ++i) {
    for (std::size_t d = 0; d < disguises().size(); ++d) {
      if (!sweep && d != i % disguises().size()) {
        continue;
      }
      ++tried;
      const std::string found = first_symptom(disguises()[d].put_on(records[i].text));
      if (found != records[i].symptom) {
        wrong.push_back(fmt::format("{} {}: expected '{}', found '{}'", records[i].where,
                                    disguises()[d].name, records[i].symptom, found));
      }
    }
  }
  std::string report;
  for (std::size_t i = 0; i < std::min<std::size_t>(wrong.size(), 40); ++i) {
    report += wrong[i] + "\n";
  }
  RecordProperty("tried", static_cast<int>(tried));
  RecordProperty("wrong", static_cast<int>(wrong.size()));
  fmt::print("{} texts, {} wrong\n", tried, wrong.size());
  EXPECT_LE(wrong.size() * 100, tried) << report;  // the goal: 99 of 100
}

}  // namespace
}  // namespace medic::explain
