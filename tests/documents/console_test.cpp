// The documents are run: each ```console block holds commands ("$ tlsmedic ...") and what they
// print. A line "..." in the output stands for any number of lines. MEDIC_BLESS=1 writes the
// outputs anew (a block with "..." is left alone). Commands that need the internet or that go on
// for ever stand in other blocks.
//
// The pages of docs/commands, causes, symptoms and topics are made from the data; making them again
// changes nothing.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/subprocess.h"

namespace medic {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFence = "```";
constexpr std::string_view kConsole = "```console";

using Lines = std::vector<std::string>;

Lines split_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t newline = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, newline));
    text.remove_prefix(std::min(newline + 1, text.size()));
  }
  return lines;
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text;
}

// Whether `actual` is `expected`, where an expected "..." takes any number of lines.
bool agrees(std::span<const std::string> expected, std::span<const std::string> actual) {
  if (expected.empty()) {
    return actual.empty();
  }
  if (expected.front() != "...") {
    return !actual.empty() && expected.front() == actual.front() &&
           agrees(expected.subspan(1), actual.subspan(1));
  }
  for (std::size_t skipped = 0; skipped <= actual.size(); ++skipped) {
    if (agrees(expected.subspan(1), actual.subspan(skipped))) {
      return true;
    }
  }
  return false;
}

struct Step {
  std::size_t line = 0;  // of the command, 0-based
  std::string command;
  Lines output;
};

std::vector<Step> steps_of(const Lines& lines) {
  std::vector<Step> steps;
  bool inside = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with(kFence)) {
      inside = !inside && lines[i] == kConsole;
    } else if (inside && lines[i].starts_with("$ ")) {
      steps.push_back({.line = i, .command = lines[i].substr(2), .output = {}});
    } else if (inside && !steps.empty()) {
      steps.back().output.push_back(lines[i]);
    }
  }
  return steps;
}

// A checkout as a reader has it, but with the program already built.
class Desk {
 public:
  static std::optional<Desk> make() {
    auto directory = TemporaryDirectory::make();
    if (!directory) {
      return std::nullopt;
    }
    fs::create_symlink(MEDIC_PROGRAM, directory->path() / "tlsmedic");
    for (const char* shown : {"docs", "tests", "data"}) {
      fs::create_symlink(fs::path(MEDIC_SOURCE_DIR) / shown, directory->path() / shown);
    }
    return Desk(std::move(*directory));
  }

  [[nodiscard]] Lines output_of(const std::string& command) const {
    Environment environment = process_environment();
    environment["PATH"] =
        fmt::format("{}:{}", directory_.path().string(), variable(environment, "PATH"));
    environment["LC_ALL"] = "C";
    const auto outcome = run_process({.argv = {"sh", "-c", command + " 2>&1"},
                                      .environment = environment,
                                      .directory = directory_.path()});
    return outcome ? split_lines(outcome->out) : Lines{outcome.error().what};
  }

 private:
  explicit Desk(TemporaryDirectory directory) : directory_(std::move(directory)) {}

  TemporaryDirectory directory_;
};

std::vector<fs::path> documents() {
  std::vector<fs::path> paths;
  const fs::path root = MEDIC_SOURCE_DIR;
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    if (entry.path().extension() == ".md") {
      paths.push_back(entry.path());
    }
  }
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool blessing() {
  return !variable(process_environment(), "MEDIC_BLESS").empty();
}

// The lines of a document with the outputs of `steps` replaced by what was printed.
Lines with_outputs(Lines lines, const std::vector<Step>& steps, const std::vector<Lines>& printed) {
  for (std::size_t i = steps.size(); i-- > 0;) {
    const Lines& old = steps[i].output;
    if (std::find(old.begin(), old.end(), "...") != old.end()) {
      continue;
    }
    const auto first = lines.begin() + static_cast<std::ptrdiff_t>(steps[i].line) + 1;
    const auto at = lines.erase(first, first + static_cast<std::ptrdiff_t>(old.size()));
    lines.insert(at, printed[i].begin(), printed[i].end());
  }
  return lines;
}

TEST(Documents, WhatTheyShowIsWhatTheProgramPrints) {
  const auto desk = Desk::make();
  ASSERT_TRUE(desk.has_value());
  std::size_t commands = 0;
  for (const fs::path& path : documents()) {
    const auto text = read_text_file(path);
    ASSERT_TRUE(text.has_value());
    const Lines lines = split_lines(*text);
    const std::vector<Step> steps = steps_of(lines);
    std::vector<Lines> printed;
    for (const Step& step : steps) {
      printed.push_back(desk->output_of(step.command));
      ++commands;
      if (!blessing()) {
        EXPECT_TRUE(agrees(step.output, printed.back()))
            << path.string() << ':' << step.line + 1 << ": $ " << step.command << "\nprinted:\n"
            << joined(printed.back()) << "the document says:\n"
            << joined(step.output);
      }
    }
    if (blessing() && !steps.empty()) {
      ASSERT_TRUE(write_file(path, joined(with_outputs(lines, steps, printed))).has_value());
    }
  }
  EXPECT_GE(commands, 4U) << "the READMEs show commands";
}

// Every file below `fresh` is the same below `kept`, and `kept` holds no other.
void expect_same_files(const fs::path& fresh, const fs::path& kept) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fresh)) {
    const fs::path other = kept / fs::relative(entry.path(), fresh);
    if (entry.is_regular_file()) {
      EXPECT_EQ(read_text_file(entry.path()).value_or("?"),
                read_text_file(other).value_or("absent"))
          << other.string() << " is out of date: tools/bless";
    }
  }
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kept)) {
    EXPECT_TRUE(fs::exists(fresh / fs::relative(entry.path(), kept)))
        << entry.path().string() << " belongs to nothing any more";
  }
}

TEST(Documents, MakingThemAgainChangesNothing) {
  const auto directory = TemporaryDirectory::make();
  ASSERT_TRUE(directory.has_value());
  const std::string fresh = directory->path().string();
  for (const std::vector<std::string>& argv :
       {std::vector<std::string>{MEDIC_PROGRAM, "manual", "--docs", fresh + "/docs"},
        std::vector<std::string>{MEDIC_CATALOGUE_TOOL, "docs", fresh}}) {
    const auto outcome = run_process({.argv = argv});
    ASSERT_TRUE(outcome.has_value());
    ASSERT_EQ(outcome->exit_status, 0) << outcome->err;
  }
  const fs::path kept = fs::path(MEDIC_SOURCE_DIR) / "docs";
  for (const char* pages : {"commands", "causes", "symptoms", "topics", "ko/commands", "ko/causes",
                            "ko/symptoms", "ko/topics"}) {
    expect_same_files(directory->path() / "docs" / pages, kept / pages);
  }
}

TEST(Documents, AnEllipsisTakesAnyNumberOfLines) {
  EXPECT_TRUE(agrees(Lines{"a", "...", "d"}, Lines{"a", "b", "c", "d"}));
  EXPECT_TRUE(agrees(Lines{"a", "...", "d"}, Lines{"a", "d"}));
  EXPECT_FALSE(agrees(Lines{"a", "...", "d"}, Lines{"a", "b"}));
  EXPECT_FALSE(agrees(Lines{"a"}, Lines{"a", "b"}));
  EXPECT_FALSE(agrees(Lines{"a", "b"}, Lines{"a"}));
}

}  // namespace
}  // namespace medic
