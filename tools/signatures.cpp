// What the build and the maintainer ask of the error texts:
//   signature_tool check                  every problem of data/{explain,signatures,symptoms}; exit
//   1 signature_tool databases WORDS GATES  writes the search database and the pieces for raw text
//   signature_tool gates   prints what raw text is searched for, one a line
//   signature_tool explain                texts on standard input, a NUL byte behind each; for each
//   one line: symptom, signature, client, host and the two likeliest causes of every failure
#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <ios>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "explain/check.h"
#include "explain/data.h"
#include "explain/database.h"
#include "explain/explain.h"
#include "explain/gates.h"
#include "explain/matcher.h"

namespace {

namespace explain = medic::explain;

int check() {
  const std::vector<std::string> problems = explain::data_problems(explain::data_files());
  for (const std::string& problem : problems) {
    fmt::print(stderr, "error: {}\n", problem);
  }
  return problems.empty() ? 0 : 1;
}

std::string said(const explain::Failure& failure) {
  std::string text =
      fmt::format("{}|{}|{}|{}", failure.symptom, failure.signature, failure.client, failure.host);
  for (std::size_t i = 0; i < std::min<std::size_t>(2, failure.causes.size()); ++i) {
    text += fmt::format("|{}={:.2f}{}", failure.causes[i].cause, failure.causes[i].likelihood,
                        failure.causes[i].certain ? "!" : "");
  }
  return text;
}

int explain_texts() {
  const auto matcher = explain::Matcher::compiled(explain::signature_files());
  if (!matcher) {
    fmt::print(stderr, "error: {}\n", matcher.error().what);
    return 1;
  }
  for (std::string text; std::getline(std::cin, text, '\0');) {
    const auto explanation = explain::explain_text(*matcher, text);
    std::string line;
    for (const explain::Failure& failure :
         explanation ? explanation->failures : std::vector<explain::Failure>{}) {
      line += (line.empty() ? "" : "\t") + said(failure);
    }
    fmt::print("{}\n", line);
  }
  return 0;
}

bool written(const char* path, const medic::Result<std::string>& bytes) {
  if (!bytes) {
    fmt::print(stderr, "error: {}\n", bytes.error().what);
    return false;
  }
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << *bytes;
  out.close();
  if (!out) {
    fmt::print(stderr, "error: cannot write {}\n", path);
  }
  return static_cast<bool>(out);
}

medic::Result<std::string> packed_words() {
  MEDIC_TRY(const explain::Database words, explain::words_database(explain::signature_files()));
  return words.packed();
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  const std::string_view what = argc > 1 ? arguments[1] : "";
  if (argc == 2 && what == "check") {
    return check();
  }
  if (argc == 2 && what == "explain") {
    return explain_texts();
  }
  if (argc == 2 && what == "gates") {
    for (const std::string& gate : explain::gates(explain::signature_files())) {
      fmt::print("{}\n", gate);
    }
    return 0;
  }
  if (argc == 4 && what == "databases") {
    const bool good =
        written(arguments[2], packed_words()) &&
        written(arguments[3], explain::gate_lines(explain::gates(explain::signature_files())));
    return good ? 0 : 1;
  }
  fmt::print(stderr, "usage: signature_tool check | databases WORDS GATES | gates | explain\n");
  return 2;
}
