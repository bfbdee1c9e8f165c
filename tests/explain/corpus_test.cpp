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
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

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
    if (entry.path().extension() == ".jsonl") {
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

std::string wrapped(const std::string& text, std::size_t columns) {
  std::string out;
  std::size_t column = 0;
  for (const char c : text) {
    if (c == '\n') {
      column = 0;
    } else if (column == columns) {
      out += '\n';
      column = 0;
    }
    out += c;
    ++column;
  }
  return out;
}

std::string prefixed(const std::string& text, std::string_view prefix) {
  std::string out(prefix);
  for (const char c : text) {
    out += c;
    if (c == '\n') {
      out += prefix;
    }
  }
  return out;
}

// As a JSON string: quotes, line ends and backslashes are escaped.
std::string json_line(const std::string& text) {
  return nlohmann::json({{"level", "error"}, {"msg", text}})
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string html(const std::string& text) {
  std::string out = "<pre>";
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out + "</pre>";
}

struct Disguise {
  std::string_view name;
  std::function<std::string(const std::string&)> put_on;
};

const std::vector<Disguise>& disguises() {
  static const std::vector<Disguise> all = {
      {"as printed", [](const std::string& t) { return t; }},
      {"wrapped at 80", [](const std::string& t) { return wrapped(t, 80); }},
      {"wrapped at 57", [](const std::string& t) { return wrapped(t, 57); }},
      {"quoted", [](const std::string& t) { return prefixed(t, "> "); }},
      {"container log",
       [](const std::string& t) { return prefixed(t, "web_1  | 2026-11-21T10:00:00.123Z "); }},
      {"journal",
       [](const std::string& t) { return prefixed(t, "Nov 21 10:00:00 host app[4242]: "); }},
      {"diff", [](const std::string& t) { return prefixed(t, "-"); }},
      {"coloured", [](const std::string& t) { return prefixed(t, "\x1b[31m") + "\x1b[0m"; }},
      {"in JSON", json_line},
      {"in JSON twice", [](const std::string& t) { return json_line(json_line(t)); }},
      {"in HTML", html},
      {"Windows line ends",
       [](const std::string& t) {
         std::string out;
         for (const char c : t) {
           out += c == '\n' ? "\r\n" : std::string(1, c);
         }
         return out;
       }},
      {"Korean frame",
       [](const std::string& t) {
         return "작업이 실패했습니다. 아래 오류를 확인하세요:\n" + t + "\n다시 시도하시겠습니까?\n";
       }},
      {"Japanese frame",
       [](const std::string& t) {
         return "エラーが発生しました:\n" + t + "\nもう一度お試しください\n";
       }},
      {"among other lines", [](const std::string& t) {
         return "Step 3/9 : RUN make\n ---> Running in 0f1e2d3c\ncompiling 12 files\n" + t +
                "\nmake: *** [all] Error 1\n";
       }}};
  return all;
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
  EXPECT_LE(wrong.size() * 100, tried) << report;
}

// tests/explain/negatives.txt: texts that mention TLS where nothing failed, parted by lines "%%".
TEST(ExplainCorpus, OrdinaryTextsRaiseNoAlarm) {
  std::vector<std::string> texts(1);
  for (const std::string& line : lines_of(MEDIC_SOURCE_DIR "/tests/explain/negatives.txt")) {
    if (line == "%%") {
      texts.emplace_back();
    } else {
      texts.back() += line + "\n";
    }
  }
  ASSERT_GE(texts.size(), 200U);
  for (const std::string& text : texts) {
    const Result<Explanation> explanation = explain_text(matcher(), text);
    ASSERT_TRUE(explanation);
    for (const Failure& failure : explanation->failures) {
      EXPECT_FALSE(failure.failure) << failure.signature << " in: " << text;
    }
  }
}

}  // namespace
}  // namespace medic::explain
